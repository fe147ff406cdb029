"""Charts of diagnostics: judges' deviations, the board without each judge, modules, places near the lines.

Pure: plain values in, Plotly figures out. The tables behind them are the page's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Figure = dict[str, Any]

MOST_POINTS = 4_000
"""Numbers of one judge that are drawn."""


@dataclass(frozen=True, slots=True)
class Held:
    """One place near a line: `label`, the change of the mark in points, what it would do, and the sentence."""

    label: str
    amount: float
    rises: bool
    text: str
    line_below: str = ""


def by_judge(deviations: Sequence[tuple[str, Sequence[float]]], axis: str) -> Figure | None:
    """A box per judge of mark − panel's mean."""
    if not deviations:
        return None
    data = [
        {
            "type": "box",
            "name": name,
            "y": [round(value, 4) for value in values[:MOST_POINTS]],
            "boxpoints": "outliers",
            "marker": {"color": "var(--c1)", "size": 4},
            "line": {"color": "var(--c1)", "width": 1.5},
            "fillcolor": "rgba(0,0,0,0)",
            "showlegend": False,
        }
        for name, values in deviations
    ]
    layout = {
        "height": 300,
        "margin": {"l": 48, "r": 12, "t": 12, "b": 40},
        "yaxis": {"title": {"text": axis}, "zeroline": True, "zerolinecolor": "var(--line-strong)"},
        "xaxis": {"keep": True},
    }
    return {"data": data, "layout": layout}


def left_out(judges: Sequence[tuple[str, int, int]], words: tuple[str, str, str]) -> Figure | None:
    """Bars per judge: places that move and awards that change. `words`: axis, moved, awards."""
    if not judges:
        return None
    axis, moved, awards = words
    names = [name for name, _, _ in judges]
    data = [
        {
            "type": "bar",
            "name": moved,
            "x": names,
            "y": [number for _, number, _ in judges],
            "marker": {"color": "var(--c1)"},
            "hovertemplate": f"%{{x}}<br>{moved}: %{{y}}<extra></extra>",
        },
        {
            "type": "bar",
            "name": awards,
            "x": names,
            "y": [number for _, _, number in judges],
            "marker": {"color": "var(--gold)"},
            "hovertemplate": f"%{{x}}<br>{awards}: %{{y}}<extra></extra>",
        },
    ]
    layout = {
        "height": 300,
        "barmode": "group",
        "margin": {"l": 48, "r": 12, "t": 34, "b": 40},
        "yaxis": {"title": {"text": axis}, "rangemode": "tozero"},
        "xaxis": {"keep": True},
    }
    return {"data": data, "layout": layout}


def modules(
    items: Sequence[tuple[str, bool, float, float]], words: tuple[str, str, str, str]
) -> Figure | None:
    """Difficulty across, discrimination up. An item: name, whether a module, both figures. `words`: axes, then the
    names of modules and of aspects."""
    if not items:
        return None
    across, up, module_word, aspect_word = words
    data = []
    for is_module, name, colour, symbol in (
        (True, module_word, "c1", "square"),
        (False, aspect_word, "c3", "circle"),
    ):
        mine = [item for item in items if item[1] == is_module]
        if mine:
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers+text" if len(mine) <= 8 else "markers",
                    "name": name,
                    "x": [round(item[2], 3) for item in mine],
                    "y": [round(item[3], 3) for item in mine],
                    "text": [item[0] for item in mine],
                    "textposition": "middle left" if is_module else "middle right",
                    "textfont": {"size": 12, "color": "var(--ink-2)"},
                    "marker": {"size": 11 if is_module else 9, "color": f"var(--{colour})", "symbol": symbol},
                    "cliponaxis": False,
                    "hovertemplate": f"%{{text}}<br>{across} %{{x:.0%}}, {up} %{{y:.2f}}<extra></extra>",
                }
            )
    low = min(0.0, *(item[3] for item in items)) - 0.12
    easy = [item[2] for item in items]
    across_range = [round(min(easy) - 0.15, 2), round(max(easy) + 0.15, 2)]
    layout = {
        "height": 340,
        "margin": {"l": 48, "r": 22, "t": 34, "b": 44},
        "xaxis": {"title": {"text": across}, "range": across_range, "tickformat": ".0%", "keep": True},
        "yaxis": {"title": {"text": up}, "range": [round(low, 2), 1.08]},
        "shapes": [
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": 0.2,
                "y1": 0.2,
                "layer": "below",
                "line": {"color": "var(--line-strong)", "width": 1, "dash": "dash"},
            }
        ],
    }
    return {"data": data, "layout": layout}


def near_lines(held: Sequence[Held], words: tuple[str, str, str]) -> Figure | None:
    """A dot per place near a line: how far one mark is from altering it. `words`: axis, would rise, would fall."""
    if not held:
        return None
    axis, rises, falls = words
    data = []
    for up, name, colour, symbol in (
        (True, rises, "c1", "triangle-up"),
        (False, falls, "c2", "triangle-down"),
    ):
        mine = [(at, one) for at, one in enumerate(held) if one.rises == up]
        if mine:
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": name,
                    "x": [one.amount for _, one in mine],
                    "y": [at for at, _ in mine],
                    "text": [f"{one.label}<br>{one.text}" for _, one in mine],
                    "marker": {"color": f"var(--{colour})", "symbol": symbol, "size": 11},
                    "hovertemplate": "%{text}<extra></extra>",
                }
            )
    lines = [at for at, one in enumerate(held) if one.line_below]
    layout = {
        "height": 84 + 22 * len(held),
        "margin": {"l": 84, "r": 84, "t": 34, "b": 44},
        "xaxis": {
            "title": {"text": axis},
            "type": "log",
            "showgrid": True,
            "gridcolor": "var(--line)",
            "dtick": 1,
        },
        "yaxis": {
            "range": [len(held) - 0.4, -0.6],
            "tickvals": list(range(len(held))),
            "ticktext": [one.label for one in held],
            "tickfont": {"size": 12},
        },
        "shapes": [
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": at + 0.5,
                "y1": at + 0.5,
                "line": {"color": "var(--gold)", "width": 2},
            }
            for at in lines
        ],
        "annotations": [
            {
                "xref": "paper",
                "x": 1,
                "xanchor": "left",
                "xshift": 6,
                "y": at + 0.5,
                "yanchor": "middle",
                "text": held[at].line_below,
                "showarrow": False,
                "font": {"size": 11, "color": "var(--gold-ink)"},
            }
            for at in lines
        ],
    }
    return {"data": data, "layout": layout}
