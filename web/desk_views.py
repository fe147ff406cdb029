"""The chief referee's desk as its page reads it: rows of ready words, and the picture of how strict each judge is."""

from __future__ import annotations

from typing import Any

from contests.marking_desk import Desk, JudgeLine
from web.charts import desk as charts
from web.diagnostic_views import signed, signed_share
from web.language import _


def seat_words(judge: str) -> str:
    return _("裁判 %(judge)s", judge=judge) if judge else _("合议分")


def judge_rows(seen: Desk) -> list[dict[str, Any]]:
    return [
        {
            "line": one,
            "name": seat_words(one.judge),
            "deviation": signed(one.deviation),
            "share": signed_share(one.share),
            "absolute": "—" if one.absolute is None else f"{one.absolute:.2f}",
        }
        for one in seen.judges
    ]


def health_chart(seen: Desk) -> dict[str, Any] | None:
    """{figure, table} of each judge's mean distance from the panel, or None where nobody marked beside another."""
    beside: list[JudgeLine] = [one for one in seen.judges if one.share is not None]
    if not beside:
        return None
    bars = [(seat_words(one.judge), one.share or 0.0) for one in beside]
    return {
        "figure": charts.severity(bars, _("比全组宽（+）或严（−），占满分的百分比")),
        "table": {
            "head": [_("裁判"), _("评分数"), _("平均差"), _("占满分"), _("平均差距")],
            "rows": [
                [
                    seat_words(one.judge),
                    one.marks,
                    signed(one.deviation),
                    signed_share(one.share),
                    "—" if one.absolute is None else f"{one.absolute:.2f}",
                ]
                for one in beside
            ],
        },
    }
