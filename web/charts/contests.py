"""Charts of the contests over the years. Pure: plain rows in, Plotly figures out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Figure = dict[str, Any]
COLOURS = ("var(--c1)", "var(--c2)", "var(--c3)", "var(--c5)")
PATTERNS = ("", "/", ".", "x")
HATCHING = {"fillmode": "overlay", "fgcolor": "var(--surface)", "solidity": 0.18}


def by_year(years: Sequence[str], series: Sequence[Mapping[str, Any]], unit: str) -> Figure:
    """Bars by year, stacked; each series its colour and pattern. Series: name, values, hrefs."""
    sums = [sum(one["values"][place] for one in series) for place in range(len(years))]
    return {
        "data": [
            {
                "type": "bar",
                "name": one["name"],
                "x": list(years),
                "y": list(one["values"]),
                "marker": {
                    "color": COLOURS[place % 4],
                    "pattern": {
                        "shape": PATTERNS[place % 4],
                        "fillmode": "overlay",
                        "fgcolor": "var(--surface)",
                        "solidity": 0.18,
                    },
                },
                "customdata": list(one["hrefs"]),
                "hovertemplate": f"{one['name']} %{{y:,}} {unit}<extra>%{{x}}</extra>",
            }
            for place, one in enumerate(series)
        ],
        "layout": {
            "barmode": "stack",
            "margin": {"l": 48, "r": 8, "t": 30, "b": 28},
            "xaxis": {"type": "category", "ticks": ""},
            "yaxis": {"tickformat": ",~g"},
            "showlegend": True,
            "annotations": [
                {"x": place, "y": total, "text": f"<b>{total:,}</b>", "yshift": 10}
                for place, total in enumerate(sums)
                if total
            ],
        },
    }
