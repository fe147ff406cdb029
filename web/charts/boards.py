"""Charts of a board: the stacked total, the distribution, the way to a place, theory against practice.

Pure: plain values in, Plotly figures and the tables behind them out. Marks are scaled integers; a figure gets points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from federation.judging.frames import SCALE

Figure = dict[str, Any]
Table = dict[str, Any]

MOVING = 9
STACKED = 12
SCATTERED = 400
BINS = 18
MEDALS = (("gold", "star", 12), ("silver", "diamond", 10), ("bronze", "square", 8))
SERIES = ("var(--c1)", "var(--c3)", "var(--c2)", "var(--c5)", "var(--c6)", "var(--c4)")


@dataclass(frozen=True, slots=True)
class Charted:
    """One row of a board for a chart. `cells`: modules as they count in the total; `after`: place after each."""

    number: str
    name: str
    place: int | None
    total: int | None
    award: int | None
    cells: tuple[int | None, ...]
    after: tuple[int | None, ...]

    @property
    def label(self) -> str:
        return f"{self.number} {self.name}"


def in_points(value: int | None) -> float | None:
    """For drawing only."""
    return None if value is None else round(value / SCALE, 4)


def written(value: int | None) -> str:
    return "—" if value is None else f"{value / SCALE:.2f}"


def movement(
    rows: Sequence[Charted], modules: Sequence[str], head: str, me: str = "", big: bool = False
) -> tuple[Figure, Table] | None:
    """Places of the first rows after each module. `modules`: names of those that have begun; `head` names the column
    of numbers. Two modules at least."""
    if len(modules) < 2 or not rows:
        return None
    ends = [*([modules[0]] if modules else []), *(f"+{name}" for name in modules[1:])]
    shown = list(rows[: 6 if big else MOVING])
    shown += [row for row in rows if row.number == me and row not in shown]
    lowest = max((place for row in shown for place in row.after if place is not None), default=1)
    data: list[Figure] = []
    notes: list[Figure] = []
    for row in sorted(shown, key=lambda one: -(one.place or 0)):
        first, leading = row.place == 1, row.place is not None and row.place <= 3
        colour = "var(--gold)" if first else "var(--c1)" if leading else "var(--line-2)"
        colour = "var(--brand)" if me and row.number == me else colour
        strong = leading or row.number == me
        width = (5 if strong else 3) if big else (3.5 if strong else 2)
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": ends,
                "y": list(row.after),
                "name": row.number,
                "line": {"color": colour, "width": width, "shape": "spline", "smoothing": 0.4},
                "marker": {"color": colour, "size": (12 if big else 8) if strong else (9 if big else 6)},
                "hovertemplate": f"{row.label}<br>%{{x}}: %{{y}}<extra></extra>",
                "showlegend": False,
            }
        )
        notes.append(
            {
                "x": len(ends) - 1,
                "y": row.after[-1],
                "xref": "x",
                "yref": "y",
                "text": f"{row.place} {row.name}",
                "xanchor": "left",
                "xshift": 16 if big else 10,
                "showarrow": False,
                "font": {"size": 24 if big else 12.5, "color": "var(--ink)" if strong else "var(--ink-3)"},
            }
        )
    _apart(notes, (lowest + 0.3) * (29 / 282 if big else 15.5 / 244))
    ticks = sorted({1, 3, *(range(5, lowest + 1, 5 if lowest <= 30 else 10 * -(-lowest // 60)))})
    layout: Figure = {
        "height": 330 if big else 280,
        "margin": {"l": 44 if big else 28, "r": 150 if big else 84, "t": 8, "b": 40 if big else 28},
        "xaxis": {"range": [-0.15, len(ends) - 0.9], "showline": False, "ticks": "", "keep": True},
        "yaxis": {"range": [lowest + 0.7, 0.4], "tickvals": ticks, "showgrid": True},
        "annotations": notes,
    }
    if big:
        layout["font"] = {"size": 24}
        layout["xaxis"]["tickfont"] = {"size": 24}
        layout["yaxis"]["tickfont"] = {"size": 24}
    table = {"head": [head, *ends], "rows": [[row.number, *row.after] for row in shown]}
    return {"data": data, "layout": layout}, table


def _apart(notes: list[Figure], least: float) -> None:
    """Names at the end of the lines, moved down until they do not cover each other."""
    above = -least
    for note in sorted(notes, key=lambda one: one["y"] or 0):
        note["y"] = round(max(note["y"] or 0, above + least), 3)
        above = note["y"]


def stacked(
    rows: Sequence[Charted], modules: Sequence[str], head: str, total: str
) -> tuple[Figure, Table] | None:
    """Totals of the first rows, built up module by module."""
    shown = [row for row in rows if row.total is not None][:STACKED]
    if not shown or not modules:
        return None
    labels = [f"{row.place or '—'} {row.name}" for row in shown]
    unique = [
        label if labels.count(label) == 1 else f"{label} {row.number}"
        for label, row in zip(labels, shown, strict=True)
    ]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "y": unique,
            "x": [in_points(row.cells[number]) for row in shown],
            "name": name,
            "marker": {"color": SERIES[number % len(SERIES)]},
            "hovertemplate": f"%{{y}}<br>{name}: %{{x:.2f}}<extra></extra>",
        }
        for number, name in enumerate(modules)
    ]
    layout = {
        "height": 70 + 26 * len(shown),
        "barmode": "stack",
        "legend": {"traceorder": "normal"},
        "margin": {"l": 84, "r": 52, "t": 34, "b": 28},
        "yaxis": {"autorange": "reversed", "showgrid": False, "tickfont": {"size": 12}},
        "xaxis": {"showgrid": True, "gridcolor": "var(--line)", "rangemode": "tozero"},
        "annotations": [
            {
                "x": in_points(row.total),
                "y": label,
                "text": written(row.total),
                "xanchor": "left",
                "xshift": 5,
                "showarrow": False,
                "font": {"size": 12, "color": "var(--ink)"},
            }
            for row, label in zip(shown, unique, strict=True)
        ],
    }
    table = {
        "head": [head, *modules, total],
        "rows": [[row.number, *map(written, row.cells), written(row.total)] for row in shown],
    }
    return {"data": data, "layout": layout}, table


def distribution(
    totals: Sequence[int], axis: str, count: str, mine: int | None = None, mine_word: str = ""
) -> tuple[Figure, Table] | None:
    """How many stand in each range of totals, with the viewer's own total marked. Ranges are whole points wide."""
    if len(totals) < 2:
        return None
    low, high = min(totals) // SCALE, -(-max(totals) // SCALE)
    width = max(1, -(-(high - low) // BINS))
    starts = list(range(low, max(high, low + 1), width))
    counts = [0] * len(starts)
    for total in totals:
        counts[min((total // SCALE - low) // width, len(starts) - 1)] += 1
    own = None if mine is None else min(max(mine // SCALE - low, 0) // width, len(starts) - 1)
    names = [f"{start}–{start + width}" for start in starts]
    bars: Figure = {
        "type": "bar",
        "x": [start + width / 2 for start in starts],
        "y": counts,
        "width": [width * 0.92] * len(starts),
        "marker": {"color": ["var(--brand)" if at == own else "var(--c1)" for at in range(len(starts))]},
        "customdata": names,
        "hovertemplate": f"%{{customdata}}: %{{y}} {count}<extra></extra>",
        "showlegend": False,
    }
    layout: Figure = {
        "height": 240,
        "margin": {"l": 36, "r": 12, "t": 30, "b": 40},
        "xaxis": {"title": {"text": axis}},
        "yaxis": {"rangemode": "tozero"},
        "bargap": 0,
    }
    if mine is not None:
        layout["shapes"] = [
            {
                "type": "line",
                "x0": in_points(mine),
                "x1": in_points(mine),
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {"color": "var(--brand)", "width": 2, "dash": "dot"},
            }
        ]
        layout["annotations"] = [
            {
                "x": in_points(mine),
                "yref": "paper",
                "y": 1,
                "yanchor": "bottom",
                "text": f"{mine_word} {written(mine)}",
                "showarrow": False,
                "font": {"size": 12.5, "color": "var(--brand)"},
            }
        ]
    table = {
        "head": [axis, count],
        "rows": [[name, number] for name, number in zip(names, counts, strict=True)],
    }
    return {"data": [bars], "layout": layout}, table


def first_against_rest(
    rows: Sequence[Charted], awards: Sequence[str], words: tuple[str, str, str, str, str]
) -> tuple[Figure, Table] | None:
    """Theory against practice: the first module against the sum of the others, with lines of equal total.

    `words`: name of the first module, name of the rest, "others", "total", head of the table.
    """
    first_word, rest_word, others, total_word, head = words
    points = [
        (row, row.cells[0], sum(cell for cell in row.cells[1:] if cell is not None))
        for row in rows[:SCATTERED]
        if len(row.cells) > 1 and row.total is not None and None not in row.cells
    ]
    if len(points) < 3:
        return None
    data: list[Figure] = []
    kinds = [(place, name, *MEDALS[place]) for place, name in enumerate(awards[: len(MEDALS)])]
    for place, name, colour, symbol, size in [*kinds, (None, others, "c5", "circle", 7)]:
        mine = [point for point in points if _kind(point[0], len(kinds)) == place]
        if not mine:
            continue
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [in_points(x) for _, x, _ in mine],
                "y": [in_points(y) for _, _, y in mine],
                "text": [row.label for row, _, _ in mine],
                "marker": {
                    "symbol": symbol,
                    "size": size,
                    "color": f"var(--{colour})",
                    "line": {"color": "var(--ink)", "width": 0.8},
                },
                "hovertemplate": f"%{{text}}<br>{first_word} %{{x:.2f}}, {rest_word} %{{y:.2f}}<extra></extra>",
            }
        )
    xs = [x for _, x, _ in points]
    ys = [y for _, _, y in points]
    x_range, y_range = _spread(xs), _spread(ys)
    layout: Figure = {
        "height": 300,
        "margin": {"l": 44, "r": 22, "t": 30, "b": 40},
        "xaxis": {"title": {"text": first_word}, "range": x_range, "keep": True},
        "yaxis": {"title": {"text": rest_word}, "range": y_range},
        "shapes": [],
        "annotations": [],
    }
    _equal_totals(layout, x_range, y_range, total_word)
    table = {
        "head": [head, first_word, rest_word, total_word],
        "rows": [[row.number, written(x), written(y), written(row.total)] for row, x, y in points[:50]],
    }
    return {"data": data, "layout": layout}, table


def _kind(row: Charted, kinds: int) -> int | None:
    return row.award if row.award is not None and row.award < kinds else None


def _spread(values: Sequence[int | None]) -> list[float]:
    numbers = [value / SCALE for value in values if value is not None]
    low, high = min(numbers), max(numbers)
    margin = max((high - low) * 0.08, 0.5)
    return [round(low - margin, 2), round(high + margin, 2)]


def _equal_totals(layout: Figure, x: list[float], y: list[float], word: str) -> None:
    low, high = x[0] + y[0], x[1] + y[1]
    step = next((size for size in (1, 2, 5, 10, 20, 50) if (high - low) / size <= 4), 100)
    total = (int(low) // step + 1) * step
    while total < high:
        start = max(x[0], total - y[1])
        end = min(x[1], total - y[0])
        if end > start:
            layout["shapes"].append(
                {
                    "type": "line",
                    "x0": start,
                    "y0": total - start,
                    "x1": end,
                    "y1": total - end,
                    "layer": "below",
                    "line": {"color": "var(--line-2)", "width": 1, "dash": "dash"},
                }
            )
            layout["annotations"].append(
                {
                    "x": end,
                    "y": total - end,
                    "text": f"{word} {total}",
                    "xanchor": "right",
                    "yshift": 9,
                    "showarrow": False,
                    "font": {"size": 10.5, "color": "var(--ink-3)"},
                }
            )
        total += step
