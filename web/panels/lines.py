"""The two lines of figures: each with its year before and a spark of the years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studios import figures
from studios.tiers import TIERS
from web.formats import amount
from web.language import _
from web.panels.views import LINE, SHOWN_YEARS, View, tier_word


def percent(thousandths: int | None) -> str:
    """+10.5% from thousandths."""
    if thousandths is None:
        return ""
    sign = "+" if thousandths > 0 else "−" if thousandths < 0 else "±"
    return f"{sign}{abs(thousandths) // 10}.{abs(thousandths) % 10}%"


def _figure(
    label: str, unit: str, href: str, *, now: int, before: int, words: tuple[str, str], past: Sequence[float]
) -> dict[str, Any]:
    """One figure. `words`: now and before as they read."""
    return {
        "label": label,
        "value": words[0],
        "unit": unit,
        "href": href,
        "direction": "up" if now > before else "down" if now < before else "same",
        "change": percent(figures.change_on_year(now, before)),
        "before": words[1],
        "spark": spark(past),
    }


def spark(values: Sequence[float], width: int = 112, height: int = 30) -> list[tuple[float, float]]:
    """Points of a small line, 4 px inside its box."""
    if len(values) < 2:
        return []
    low, high = min(values), max(values)
    across, up = (width - 8) / (len(values) - 1), (height - 8) / ((high - low) or 1)
    return [
        (round(4 + place * across, 1), round(height - 4 - (value - low) * up, 1))
        for place, value in enumerate(values)
    ]


def stock_line(view: View) -> list[dict[str, Any]]:
    """National, provincial, municipal and county together, all, newly named in the year of the date."""
    now, before = figures.by_tier(view.standing), figures.by_tier(view.standing_before)
    years = range(view.wanted.at.year - SHOWN_YEARS + 1, view.wanted.at.year + 1)
    past = [figures.by_tier(view.stock(year)) for year in years]
    groups: list[tuple[str, tuple[str, ...]]] = [
        (tier_word("national"), ("national",)),
        (tier_word("provincial"), ("provincial",)),
        (_("市县两级"), ("municipal", "county")),
        (_("合计在册"), TIERS),
    ]
    line = []
    for label, tiers in groups:
        chosen = tuple(tier for tier in tiers if not view.wanted.tier or tier in view.wanted.tier)
        total, was = sum(now[tier] for tier in chosen), sum(before[tier] for tier in chosen)
        if chosen:
            line.append(
                _figure(
                    label,
                    _("家"),
                    view.studios(tier=chosen),
                    now=total,
                    before=was,
                    words=(amount(total), amount(was)),
                    past=[float(sum(one[tier] for tier in chosen)) for one in past],
                )
            )
    return [*line, _named_this_year(view, years)]


def _named_this_year(view: View, years: range) -> dict[str, Any]:
    found = figures.newly_named(view.register, view.wanted, view.branches, years)
    sums: dict[int, int] = {}
    for year, _tier, count in found.iter_rows():
        sums[year] = sums.get(year, 0) + count
    now, before = sums.get(years[-1], 0), sums.get(years[-2], 0)
    href = view.studios(figures.at_end_of(view.wanted, years[-1]), year=(str(years[-1]),))
    return _figure(
        _("当年命名"),
        _("家"),
        href,
        now=now,
        before=before,
        words=(amount(now), amount(before)),
        past=[float(sums.get(year, 0)) for year in years],
    )


def output_line(view: View) -> list[dict[str, Any]]:
    """Five measures of the year with the year before, each in its own unit."""
    sums = figures.by_measure(view.brought)
    line = []
    for measure in LINE:
        by_year = sums.get(measure, {})
        now, before = by_year.get(view.year, 0), by_year.get(view.year - 1, 0)
        line.append(
            _figure(
                view.word(measure),
                view.unit(measure),
                view.outputs(view.year, measure),
                now=now,
                before=before,
                words=(view.quantity(now, measure), view.quantity(before, measure)),
                past=[view.value(by_year.get(year, 0), measure) for year in view.years],
            )
        )
    return line
