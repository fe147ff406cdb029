"""The rules offered to start from."""

from __future__ import annotations

import polars as pl
import pytest

from federation.judging import Scheme, rank
from federation.judging.presets import NAMES, preset
from tests.federation.judging.tables import board, grid, panel


@pytest.mark.parametrize("name", NAMES)
def test_presets_are_sound_and_print_themselves(name: str) -> None:
    scheme = preset(name)
    assert scheme.check() == []
    assert "editable default" in scheme.basis
    assert Scheme.from_json(scheme.to_json()) == scheme


def test_thirty_seventy_with_a_safety_deduction() -> None:
    table = pl.concat(
        [
            grid("entry theory A B B-safety", "1 80 25 35 3", "2 90 25 30 -"),
            panel("C", "1 20 20 25 19 20", "2 20 20 20 20 20"),
        ]
    )
    # 24 + 0.7 · (25 + 32 + 20) = 77.9; 27 + 0.7 · 75 = 79.5
    assert board(rank(preset("jiangxi_30_70"), table)) == [(2, 1, "79.5"), (1, 2, "77.9")]
