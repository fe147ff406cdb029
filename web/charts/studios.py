"""Charts of the register. Pure: plain rows in, Plotly figures out; colours are tokens, addresses ride in customdata.

A row is a mapping; `href` is the address of the rows behind it, opened by a click.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log10
from typing import Any

Figure = dict[str, Any]
Row = Mapping[str, Any]

TIER_MARKS = {
    "national": ("square", "solid"),
    "provincial": ("circle", "solid"),
    "municipal": ("diamond", "dash"),
    "county": ("triangle-up", "dot"),
}
TIER_COLOURS = {
    "national": "var(--tier-national)",
    "provincial": "var(--tier-provincial)",
    "municipal": "var(--tier-municipal)",
    "county": "var(--tier-county)",
}
STEPS = ("var(--seq-0)", "var(--seq-1)", "var(--seq-2)", "var(--seq-4)", "var(--seq-5)")
INKS = ("var(--ink)", "var(--ink)", "var(--ink)", "var(--on-deep)", "var(--on-deep)")


def pyramid(tiers: Sequence[Row], unit: str) -> Figure:
    """The highest tier on top, each bar as wide as its count. Rows: tier, name, studios, href."""
    most = max((row["studios"] for row in tiers), default=0) or 1
    names = [row["name"] for row in tiers]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": [row["studios"] for row in tiers],
                "base": [-row["studios"] / 2 for row in tiers],
                "width": 0.82,
                "marker": {"color": [TIER_COLOURS[row["tier"]] for row in tiers]},
                "customdata": [row["href"] for row in tiers],
                "hovertemplate": f"%{{y}} %{{x:,}} {unit}<extra></extra>",
                "showlegend": False,
            }
        ],
        "layout": {
            "margin": {"l": 86, "r": 12, "t": 8, "b": 8},
            "xaxis": {"visible": False, "range": [-most * 0.52, most * 0.66]},
            "yaxis": {"autorange": "reversed", "showgrid": False, "tickfont": {"size": 13}},
            "annotations": [
                {
                    "x": row["studios"] / 2,
                    "y": row["name"],
                    "text": f"<b>{row['studios']:,}</b>",
                    "xanchor": "left",
                    "xshift": 6,
                    "font": {"size": 15},
                }
                for row in tiers
            ],
        },
    }


def step_of(value: int, most: int) -> int:
    """Which of five equal steps up to the greatest value a value stands on, 0 to 4."""
    return 0 if most <= 0 else min(4, value * 5 // (most + 1))


def city_by_tier(
    cities: Sequence[str], tiers: Sequence[str], cells: Sequence[Sequence[Row]], unit: str
) -> Figure:
    """A heat map: rows are cities, columns tiers, five steps within each column. Cells: studios, href."""
    greatest = [max((row[place]["studios"] for row in cells), default=0) for place in range(len(tiers))]
    steps = [
        [step_of(cell["studios"], most) for cell, most in zip(row, greatest, strict=True)] for row in cells
    ]
    return {
        "data": [
            {
                "type": "heatmap",
                "x": list(tiers),
                "y": list(cities),
                "z": steps,
                "zmin": 0,
                "zmax": 4,
                "colorscale": [[edge / 5, STEPS[step]] for step in range(5) for edge in (step, step + 1)],
                "showscale": False,
                "xgap": 2,
                "ygap": 2,
                "text": [[cell["studios"] for cell in row] for row in cells],
                "customdata": [[cell["href"] for cell in row] for row in cells],
                "hovertemplate": f"%{{y}} %{{x}} %{{text:,}} {unit}<extra></extra>",
            }
        ],
        "layout": {
            "margin": {"l": 74, "r": 8, "t": 26, "b": 4},
            "xaxis": {
                "side": "top",
                "ticks": "",
                "showline": False,
                "tickvals": list(range(len(tiers))),
                "ticktext": list(tiers),
            },
            "yaxis": {"autorange": "reversed", "showgrid": False},
            "annotations": [
                {
                    "x": tiers[column],
                    "y": cities[line],
                    "text": f"{cell['studios']:,}" if cell["studios"] else "·",
                    "font": {"size": 12, "color": INKS[steps[line][column]]},
                }
                for line, row in enumerate(cells)
                for column, cell in enumerate(row)
            ],
        },
    }


def industry_treemap(industries: Sequence[Row], unit: str) -> Figure:
    """Section > tier. Rows: name, studios, href, tiers (rows of tier, name, studios, href)."""
    labels: list[str] = []
    ids: list[str] = []
    parents: list[str] = []
    values: list[int] = []
    colours: list[str] = []
    hrefs: list[str] = []
    for industry in industries:
        key = industry["name"]
        leaves = [
            (f"{key}/{leaf['tier']}", key, leaf, TIER_COLOURS[leaf["tier"]]) for leaf in industry["tiers"]
        ]
        for identity, parent, row, colour in [(key, "", industry, "var(--surface-3)"), *leaves]:
            labels.append(row["name"])
            ids.append(identity)
            parents.append(parent)
            values.append(row["studios"])
            colours.append(colour)
            hrefs.append(row["href"])
    inks = {"var(--tier-national)": "var(--surface)", "var(--tier-provincial)": "var(--on-deep)"}
    return {
        "data": [
            {
                "type": "treemap",
                "labels": labels,
                "ids": ids,
                "parents": parents,
                "values": values,
                "branchvalues": "total",
                "marker": {"colors": colours},
                "textfont": {"color": [_ink_on(colour, inks) for colour in colours]},
                "texttemplate": "%{label} %{value:,}",
                "customdata": hrefs,
                "hovertemplate": f"%{{label}} %{{value:,}} {unit}<extra></extra>",
                "maxdepth": 2,
            }
        ],
        "layout": {
            "margin": {"l": 0, "r": 0, "t": 4, "b": 4},
            "uniformtext": {"minsize": 11, "mode": "hide"},
        },
    }


def _ink_on(colour: str, inks: Mapping[str, str]) -> str:
    if colour == "var(--surface-3)":
        return "var(--ink)"
    return inks.get(colour, "var(--on-bright)")


def tiers_by_year(years: Sequence[str], series: Sequence[Row], unit: str) -> Figure:
    """Bars by year, stacked by tier, the sum written on top. Series: tier, name, values, hrefs."""
    sums = [sum(one["values"][place] for one in series) for place in range(len(years))]
    return {
        "data": [
            {
                "type": "bar",
                "name": one["name"],
                "x": list(years),
                "y": list(one["values"]),
                "marker": {"color": TIER_COLOURS[one["tier"]]},
                "customdata": list(one["hrefs"]),
                "hovertemplate": f"{one['name']} %{{y:,}} {unit}<extra>%{{x}}</extra>",
            }
            for one in reversed(series)
        ],
        "layout": {
            "barmode": "stack",
            "margin": {"l": 52, "r": 8, "t": 30, "b": 28},
            "xaxis": _years(years),
            "yaxis": {"tickformat": ",~g"},
            "showlegend": True,
            "legend": {"traceorder": "reversed"},
            "annotations": [
                {"x": len(years) - 1, "y": sums[-1], "text": f"<b>{sums[-1]:,.10g}</b>", "yshift": 10}
            ]
            if years and sums[-1]
            else [],
        },
    }


def _years(years: Sequence[str]) -> dict[str, Any]:
    """An axis of years; of many only every second is written, the last one always."""
    axis: dict[str, Any] = {"type": "category", "ticks": ""}
    if len(years) > 9:
        axis |= {"tickvals": list(range((len(years) - 1) % 2, len(years), 2))}
        axis["ticktext"] = [years[place] for place in axis["tickvals"]]
    return axis


def averages(years: Sequence[str], series: Sequence[Row], unit: str) -> Figure:
    """Lines of outputs per studio on a logarithmic axis. Series: tier, name, values (None: a gap), hrefs."""
    annotations = []
    for one in series:
        last = next((place for place in reversed(range(len(years))) if one["values"][place]), None)
        if last is not None:
            annotations.append(
                {
                    "x": 1,
                    "xref": "paper",
                    "y": _log10(one["values"][last]),
                    "text": f"{one['name']} {one['values'][last]:,.2f}",
                    "xanchor": "left",
                    "xshift": 8,
                }
            )
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": one["name"],
                "x": list(years),
                "y": [value or None for value in one["values"]],
                "line": {
                    "color": TIER_COLOURS[one["tier"]],
                    "width": 2.5,
                    "dash": TIER_MARKS[one["tier"]][1],
                },
                "marker": {
                    "color": TIER_COLOURS[one["tier"]],
                    "symbol": TIER_MARKS[one["tier"]][0],
                    "size": 8,
                },
                "customdata": list(one["hrefs"]),
                "hovertemplate": f"{one['name']} %{{y}} {unit}<extra>%{{x}}</extra>",
                "showlegend": False,
            }
            for one in series
        ],
        "layout": {
            "margin": {"l": 44, "r": 142, "t": 10, "b": 28},
            "yaxis": {"type": "log", "dtick": "D2", "tickformat": "~g"},
            "xaxis": _years(years),
            "annotations": _apart(annotations),
        },
    }


def _log10(value: float) -> float:
    return round(log10(value), 4)


def _apart(annotations: list[dict[str, Any]], least: float = 0.09) -> list[dict[str, Any]]:
    """Move labels at the ends of lines so far apart that none covers another."""
    placed = sorted(annotations, key=lambda one: -one["y"])
    for above, below in pairwise(placed):
        if above["y"] - below["y"] < least:
            below["y"] = round(above["y"] - least, 4)
    return placed


def ranked(rows: Sequence[Row], unit: str, colour: str = "var(--c1)") -> Figure:
    """Horizontal bars, the greatest on top. Rows: name, value, text, href, where used tier."""
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": [row["name"] for row in rows],
                "x": [row["value"] for row in rows],
                "text": [row["text"] for row in rows],
                "textposition": "outside",
                "cliponaxis": False,
                "marker": {"color": [TIER_COLOURS.get(row.get("tier", ""), colour) for row in rows]},
                "customdata": [row["href"] for row in rows],
                "hovertemplate": f"%{{y}} %{{text}} {unit}<extra></extra>",
                "showlegend": False,
            }
        ],
        "layout": {
            "margin": {"l": 40, "r": 64, "t": 4, "b": 8},
            "xaxis": {"visible": False},
            "yaxis": {"autorange": "reversed", "showgrid": False, "type": "category"},
            "bargap": 0.35,
        },
    }


def two_years(rows: Sequence[Row], before: str, now: str, unit: str) -> Figure:
    """A ring for the year before, a dot for now, joined. Rows: name, before, now, href."""
    names = [row["name"] for row in rows]
    joins_x: list[Any] = []
    joins_y: list[Any] = []
    for row in rows:
        joins_x += [row["before"], row["now"], None]
        joins_y += [row["name"], row["name"], None]
    ring = {"color": "var(--surface)", "size": 11, "line": {"color": "var(--ink-2)", "width": 2}}
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": joins_x,
                "y": joins_y,
                "line": {"color": "var(--line-2)", "width": 3},
                "hoverinfo": "skip",
                "showlegend": False,
            },
            *(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": title,
                    "x": [row[key] for row in rows],
                    "y": names,
                    "marker": marker,
                    "customdata": [row[f"{key}_href"] for row in rows],
                    "hovertemplate": f"%{{y}} %{{x:,}} {unit}<extra>{title}</extra>",
                }
                for key, title, marker in (
                    ("before", before, ring),
                    ("now", now, {"color": "var(--c1)", "size": 11}),
                )
            ),
        ],
        "layout": {
            "margin": {"l": 74, "r": 12, "t": 30, "b": 28},
            "yaxis": {"autorange": "reversed", "type": "category", "showgrid": False},
            "xaxis": {"showgrid": True, "gridcolor": "var(--line)", "tickformat": ",d"},
            "showlegend": True,
        },
    }
