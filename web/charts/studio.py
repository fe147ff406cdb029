"""Charts of the register and of one studio. Pure: plain values in, Plotly figures and the tables behind them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studios.outputs import ACHIEVEMENTS

Figure = dict[str, Any]
Table = dict[str, Any]

_LOOKS = {
    "tackled": ("var(--c1)", ""),
    "patents": ("var(--c5)", "/"),
    "methods": ("var(--c3)", "x"),
    "proposals": ("var(--c2)", "."),
}
_SHARES = (0.25, 0.5, 0.75)
_STEPS = (1, 2, 4, 5)
"""Of the sequence; step 3 carries neither light nor dark words well."""


def outputs_by_year(
    years: Sequence[Mapping[str, int]], names: Mapping[str, str], year_of: Sequence[str], heads: Sequence[str]
) -> tuple[Figure, Table]:
    """Achievements of each year, stacked by group, the sum above the bar.

    `years`: rows of `outputs.by_year`; `names`: group → word; `year_of`: the years as they read; `heads`: the words
    for year and sum.
    """
    sums = [sum(row[group] for group in ACHIEVEMENTS) for row in years]
    data = [
        {
            "type": "bar",
            "name": names[group],
            "x": list(year_of),
            "y": [row[group] for row in years],
            "marker": {
                "color": colour,
                "pattern": {
                    "shape": shape,
                    "fillmode": "overlay",
                    "fgcolor": "var(--surface)",
                    "fgopacity": 0.5,
                    "size": 6,
                    "solidity": 0.18,
                },
            },
            "hovertemplate": f"{names[group]} %{{y}}<extra>%{{x}}</extra>",
        }
        for group, (colour, shape) in _LOOKS.items()
    ]
    layout = {
        "barmode": "stack",
        "height": 290,
        "margin": {"l": 30, "r": 8, "t": 44, "b": 28},
        "xaxis": {"type": "category"},
        "yaxis": {"rangemode": "tozero", "range": [0, max([*sums, 1]) * 1.15]},
        "annotations": [
            {"x": at, "y": total, "text": f"<b>{total}</b>", "yshift": 11, "showarrow": False}
            for at, total in enumerate(sums)
        ],
    }
    rows = [
        [year, *(row[group] for group in ACHIEVEMENTS), total]
        for year, row, total in zip(year_of, years, sums, strict=True)
    ]
    return {"data": data, "layout": layout}, {
        "head": [heads[0], *(names[group] for group in ACHIEVEMENTS), heads[1]],
        "rows": rows,
    }


def benefit_by_year(
    years: Sequence[Mapping[str, int]], year_of: Sequence[str], heads: Sequence[str]
) -> tuple[Figure, Table]:
    """Verified benefit of each year in 万元. `heads`: the words for year and for the benefit with its unit."""
    values = [row["benefit"] / 100 for row in years]
    figure = {
        "data": [
            {
                "type": "bar",
                "x": list(year_of),
                "y": values,
                "marker": {"color": "var(--c1)"},
                "text": [f"{value:,.0f}" for value in values],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "%{y:,.2f}<extra>%{x}</extra>",
            }
        ],
        "layout": {
            "height": 220,
            "margin": {"l": 44, "r": 8, "t": 24, "b": 28},
            "xaxis": {"type": "category"},
            "yaxis": {"rangemode": "tozero", "range": [0, max([*values, 1]) * 1.18]},
            "showlegend": False,
        },
    }
    rows = [[year, f"{value:,.2f}"] for year, value in zip(year_of, values, strict=True)]
    return figure, {"head": list(heads), "rows": rows}


def step_of(count: int, most: int) -> int:
    """Which step of the sequence colours a count: 0 for none, then by its share of the most.

    >>> step_of(0, 10), step_of(1, 10), step_of(5, 10), step_of(10, 10)
    (0, 1, 2, 5)
    """
    return _STEPS[sum(count > share * most for share in _SHARES)] if count else 0


def chains(
    counts: Sequence[tuple[str, int]], rest: int, rest_word: str, heads: Sequence[str]
) -> tuple[Figure, Table]:
    """A treemap of studios by industry chain; `rest` stands in none of them."""
    most = max((count for _, count in counts), default=0)
    steps = [step_of(count, most) for _, count in counts]
    lines = [*counts, *([(rest_word, rest)] if rest else [])]
    colours = [f"var(--seq-{step})" for step in steps] + (["var(--surface-3)"] if rest else [])
    inks = ["var(--on-deep)" if step > 3 else "var(--ink)" for step in steps] + (
        ["var(--ink)"] if rest else []
    )
    figure = {
        "data": [
            {
                "type": "treemap",
                "labels": [name for name, _ in lines],
                "parents": [""] * len(lines),
                "values": [count for _, count in lines],
                "texttemplate": "<b>%{label}</b><br>%{value}",
                "textfont": {"color": inks},
                "marker": {"colors": colours, "pad": {"t": 0, "l": 0, "r": 0, "b": 0}},
                "hovertemplate": "%{label}<br>%{value}<extra></extra>",
            }
        ],
        "layout": {"height": 330, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}},
    }
    return figure, {"head": list(heads), "rows": [list(line) for line in lines]}
