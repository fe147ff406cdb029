"""Every benchmark after the other: `python -m tests.benchmarks`."""

from __future__ import annotations

import sys

from tests.benchmarks import bench_boards, bench_millions, bench_rank_command, bench_ranking, bench_studios

for bench in (bench_ranking, bench_millions, bench_rank_command, bench_boards, bench_studios):
    print(f"\n## {(bench.__doc__ or '').splitlines()[0]}\n")
    sys.argv = [bench.__name__]
    bench.main()
