"""Charts of the chief referee's desk. Pure: plain values in, Plotly figures out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def severity(judges: Sequence[tuple[str, float]], axis: str) -> dict[str, Any]:
    """A bar per judge: the mean distance from the panel as a share of full marks."""
    names = [name for name, _ in judges][::-1]
    values = [round(100 * share, 2) for _, share in judges][::-1]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": values,
                "marker": {"color": "var(--c1)"},
                "width": 0.55,
            }
        ],
        "layout": {
            "height": 90 + 34 * len(names),
            "margin": {"l": 84, "r": 16, "t": 8, "b": 44},
            "xaxis": {"title": {"text": axis}, "zeroline": True, "zerolinecolor": "var(--line-strong)"},
            "yaxis": {"automargin": True},
        },
    }
