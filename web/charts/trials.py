"""The chart of a trial: a line for everybody who moves, from the place now to the place it would be.

Pure: plain values in, a Plotly figure and the table behind it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST = 24
"""Movers that are drawn; those moved furthest come first."""


@dataclass(frozen=True, slots=True)
class Mover:
    """`label` names the entry; `crosses` says whether an award line lies between its places."""

    label: str
    before: int
    after: int
    crosses: bool = False


def movers(
    moved: Sequence[Mover], now: str, then: str, head: str
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """`now`, `then`: words under the two sides; `head`: of the column of entries. None when nobody moves."""
    if not moved:
        return None
    drawn = sorted(moved, key=lambda one: -abs(one.before - one.after))[:MOST]
    lowest = max(max(one.before, one.after) for one in drawn)
    data = [_line(one, now, then) for one in sorted(drawn, key=lambda one: one.crosses)]
    layout = {
        "xaxis": {"fixedrange": True, "keep": True, "showgrid": False, "range": [-0.15, 1.75]},
        "yaxis": {
            "autorange": False,
            "range": [lowest + 0.8, 0.2],
            "fixedrange": True,
            "showgrid": False,
            "dtick": 1,
        },
        "showlegend": False,
        "margin": {"l": 40, "r": 8, "t": 8, "b": 32},
        "height": max(260, 26 * min(lowest, 2 * MOST)),
    }
    if lowest > MOST:
        layout["yaxis"] = {**layout["yaxis"], "dtick": max(1, lowest // 10)}  # type: ignore[dict-item]
    layout["xaxis"] |= {"tickvals": [0, 1], "ticktext": [now, then]}  # type: ignore[operator]
    rows = [[one.label, one.before, one.after] for one in moved]
    return {"data": data, "layout": layout}, {"head": [head, now, then], "rows": rows}


def _line(one: Mover, now: str, then: str) -> dict[str, Any]:
    colour = "var(--gold)" if one.crosses else "var(--c1)" if one.after < one.before else "var(--ink-3)"
    return {
        "type": "scatter",
        "mode": "lines+markers+text",
        "x": [0, 1],
        "y": [one.before, one.after],
        "text": ["", one.label],
        "textposition": "middle right",
        "textfont": {"size": 12},
        "cliponaxis": False,
        "line": {"color": colour, "width": 3 if one.crosses else 2},
        "marker": {"color": colour, "size": 7},
        "hovertemplate": f"{one.label}<br>{now} {one.before} → {then} {one.after}<extra></extra>",
    }
