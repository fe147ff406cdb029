"""The register as everybody sees it: the list with its facets and search, its files, the page of one studio.

What the address of a list can say: q, tier, at, region, industry, chain, year, union, sort, page. tier, region,
industry, chain and year may come several times. Anything that is none of it is left aside.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.params import FromPath
from litestar.types import ASGIApp

from federation.privacy import mask_name
from studios import members, namings, outputs, records, register, rules
from studios.register import SORTS, Found, Register, Wanted
from studios.tiers import TIERS
from web import wording
from web.charts import studio as charts
from web.formats import amount, named
from web.language import N_, _, language, link
from web.ready import Ready, Shelf, make_ready, send_ready
from web.reports.lists import as_file
from web.templating import Page, page, render, viewer

Web = Request[Any, Any, Any]
MANY = ("tier", "region", "industry", "chain", "year")
FACETS_OPEN = 6
"""Lines of a facet that stand open; the rest wait behind "more"."""

READY_BYTES = 32_000_000
"""Room for pages of the public list that are kept ready; the least read give way."""

# Where each city stands among the tiles (column, row): equal weight for all, and no boundary drawn.
TILES = {
    "360400": (2, 1),
    "360200": (3, 1),
    "360900": (1, 2),
    "360100": (2, 2),
    "360600": (3, 2),
    "361100": (4, 2),
    "360300": (1, 3),
    "360500": (2, 3),
    "361000": (3, 3),
    "360800": (2, 4),
    "360700": (2, 5),
    "360000": (4, 5),
}


def wanted_of(request: Web) -> Wanted:
    """What the address asks for; what cannot be read counts as not asked."""
    asked = request.query_params
    number, sort = asked.get("page", "1"), asked.get("sort", "")
    return Wanted(
        at=_day(asked.get("at", "")) or date.today(),
        q=asked.get("q", "")[:80].strip(),
        union=asked.get("union", "")[:20],
        sort=sort if sort in SORTS else SORTS[0],
        page=int(number) if number.isdecimal() and len(number) < 7 else 1,
        **{name: tuple(dict.fromkeys(part[:20] for part in asked.getall(name, []) if part)) for name in MANY},
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def query_of(wanted: Wanted) -> dict[str, Any]:
    """The address of a list without its page; what is as usual is left out."""
    return {
        "q": wanted.q,
        "at": "" if wanted.at == date.today() else wanted.at.isoformat(),
        "union": wanted.union,
        **{name: list(getattr(wanted, name)) or None for name in MANY},
        "sort": "" if wanted.sort == SORTS[0] else wanted.sort,
    }


def chips(base: str, wanted: Wanted, held: Register) -> list[tuple[str, str]]:
    """The filters that are set: (words, address of the list without that one)."""
    query = query_of(wanted)
    found = []
    for name in ("q", "at", "union"):
        if query[name]:
            words = {"q": f"“{wanted.q}”", "at": wanted.at.isoformat()}.get(name)
            words = words or named(held.names["union"].get(wanted.union, {"name": wanted.union}))
            found.append((words, link(base, {**query, name: ""})))
    for name in MANY:
        for value in getattr(wanted, name):
            rest = [other for other in getattr(wanted, name) if other != value]
            found.append((word_of(held, name, value), link(base, {**query, name: rest or None})))
    return found


def word_of(held: Register, kind: str, code: str) -> str:
    """A code of a facet as it reads."""
    if kind == "tier":
        return wording.say(f"tier.{code}") if code in (*TIERS, register.NONE) else code
    if kind == "year":
        return _("%(year)s 年命名", year=code)
    return named(held.names[kind].get(code, {"name": code}))


def list_context(request: Web, base: str, held: Register, found: Found) -> dict[str, Any]:
    """What the fragment of facets and rows needs, on the public page and on the desk."""
    wanted = wanted_of(request)
    return {
        "base": base,
        "wanted": wanted,
        "asked": query_of(wanted),
        "found": found,
        "names": held.names,
        "chips": chips(base, wanted, held),
        "sorts": [(code, wording.say(f"studio.sort.{code}")) for code in SORTS],
        "facets_open": FACETS_OPEN,
        "first": (found.page - 1) * register.PAGE_SIZE + 1,
        "last": (found.page - 1) * register.PAGE_SIZE + len(found.rows),
        "dated": wanted.at != date.today(),
    }


def is_part(request: Web) -> bool:
    """Whether htmx asks for the facets and rows alone."""
    return request.headers.get("hx-target") == "found"


def part_headers(request: Web, base: str, wanted: Wanted) -> dict[str, str]:
    """The address the browser shows follows what was chosen; a part is never kept as the page."""
    headers = {"vary": "HX-Request, HX-Target", "cache-control": "private, no-store"}
    if is_part(request):
        headers["hx-replace-url"] = link(
            base, query_of(wanted), page=wanted.page if wanted.page > 1 else None
        )
    return headers


def overview(held: Register, found: Found) -> dict[str, Any]:
    """Tiles by city and the treemap by chain, shown over the list nobody has narrowed yet."""
    cities = {choice.value: choice for choice in found.facets["city"]}
    most = max((choice.count for choice in found.facets["city"]), default=0)
    tiles = [
        {
            "code": code,
            "names": held.names["region"][code],
            "column": column,
            "row": row,
            "count": cities[code].count if code in cities else 0,
            "step": charts.step_of(cities[code].count if code in cities else 0, most),
        }
        for code, (column, row) in TILES.items()
    ]
    counts = [(named(choice.names), choice.count) for choice in found.facets["chain"]]
    rest = found.total - sum(count for _name, count in counts)
    return {
        "tiles": tiles,
        "chains": charts.chains(counts, rest, _("其他领域"), (_("产业链"), _("工作室"))),
    }


def public_list(request: Web, held: Register) -> dict[str, Any]:
    """The context of the public list."""
    wanted = wanted_of(request)
    found = held.find(wanted)
    bare = not wanted.filtered and wanted.page == 1 and wanted.at == date.today()
    return {
        **list_context(request, "/studios", held, found),
        "overview": overview(held, found) if bare and found.total else None,
        "desk": False,
    }


async def ready_list(request: Web, held: Register) -> Ready:
    """The page for strangers: made once per address, language, revision of the register and day."""
    query = request.scope["query_string"].decode("latin-1")

    async def make() -> Ready:
        surroundings = {"path": "/studios", "query": query, "settings": request.app.state.settings}
        text = render("studios/list.html", **public_list(request, held), **surroundings)
        return make_ready(text.encode(), stamp, held.revision, "text/html; charset=utf-8")

    stamp = f"{held.revision}-{date.today()}"
    shelf: Shelf = request.app.state.ready_studios
    key = (language(), query)
    return shelf.held(key, stamp) or await shelf.get(key, stamp, make)


@get("/studios")
async def show_list(request: Web) -> ASGIApp:
    held = await register.current()
    if viewer(request) is None and not request.headers.get("hx-request"):
        found = await ready_list(request, held)
        return lambda scope, _receive, send: send_ready(found, scope, send)
    shown = page(
        "studios/_found.html" if is_part(request) else "studios/list.html",
        headers=part_headers(request, "/studios", wanted_of(request)),
        **public_list(request, held),
    )
    return shown.to_asgi_response(app=None, request=request)


HEADS = (
    ("number", N_("编号")),
    ("name", N_("工作室")),
    ("tier", N_("级别")),
    ("named_on", N_("命名日期")),
    ("document_number", N_("命名文号")),
    ("organisation_name", N_("单位")),
    ("city", N_("设区市")),
    ("region", N_("县（市、区）")),
    ("industry", N_("行业")),
    ("chain", N_("产业链")),
    ("leader_name", N_("领衔人")),
    ("honour", N_("领衔人荣誉")),
    ("members", N_("成员人数")),
    ("founded_on", N_("建室日期")),
    ("recent", N_("近三年成果（项、件）")),
    ("benefit", N_("累计效益（万元）")),
)


def list_file(kind: str, held: Register, wanted: Wanted, branches: tuple[str, ...] | None) -> Response[bytes]:
    """Every row of a list as a file, under heads that stay the same from year to year."""
    rows = (
        [_cell(held, column, row[column]) for column, _words in HEADS]
        for row in held.rows(wanted, branches).iter_rows(named=True)
    )
    heads = [_(words) for _column, words in HEADS]
    return as_file(kind, _("工作室名录") + f"-{wanted.at:%Y%m%d}", heads, rows)


def _cell(held: Register, column: str, value: Any) -> Any:
    if value is None:
        return "" if column != "tier" else wording.say("tier.none")
    if column == "tier":
        return wording.say(f"tier.{value}")
    if column in ("city", "region", "industry", "chain"):
        return named(held.names["region" if column == "city" else column].get(value, {"name": value}))
    if column == "benefit":
        return value / 100
    return value.isoformat() if isinstance(value, date) else value


@get(["/studios/rows.csv", "/studios/rows.xlsx"])
async def download(request: Web) -> Response[bytes]:
    kind = request.scope["path"].rsplit(".", 1)[1]
    return list_file(kind, await register.current(), wanted_of(request), None)


def measured(quantity: int, decimals: int, trimmed: bool = False) -> str:
    """A quantity in 1/10^decimals as it reads; trimmed leaves out decimals that are zero.

    >>> measured(431000, 2), measured(431000, 2, trimmed=True)
    ('4,310.00', '4,310')
    """
    text = f"{Decimal(quantity).scaleb(-decimals):,.{decimals}f}"
    return text.removesuffix("." + "0" * decimals) if trimmed and decimals else text


def outputs_table(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Verified outputs, a line per measure and a column per year, with the sum at the end."""
    counted = [row for row in rows if row["verified_on"] is not None]
    years = sorted({row["year"] for row in counted})
    lines: dict[str, dict[str, Any]] = {}
    for row in sorted(counted, key=lambda one: one["sort"]):
        line = lines.setdefault(row["measure"], {"measure": row, "cells": dict.fromkeys(years), "sum": 0})
        line["cells"][row["year"]] = (line["cells"][row["year"]] or 0) + row["quantity"]
        line["sum"] += row["quantity"]
    return {"years": years, "lines": list(lines.values())}


def figures(rows: list[dict[str, Any]], by_year: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The line of figures under the head of a studio: verified outputs only."""
    sums = outputs.totals(rows)
    this_year = date.today().year
    recent = sum(
        row[group] for row in by_year if row["year"] > this_year - 3 for group in outputs.ACHIEVEMENTS
    )

    def one(label: str, value: str, unit: str, detail: str = "") -> dict[str, str]:
        return {"label": label, "value": value, "unit": unit, "detail": detail}

    completed = sums.get("apprenticeship.completed", 0)
    promoted, pairs = sums.get("training.promoted", 0), sums.get("apprenticeship.pairs", 0)
    return [
        one(_("近三年核验成果"), amount(recent), _("项")),
        one(_("授权专利"), amount(sums.get("patent.granted", 0)), _("件")),
        one(
            _("师带徒"),
            amount(pairs),
            _("对"),
            _("%(count)s 人出师", count=amount(completed)) if completed else "",
        ),
        one(
            _("培训"),
            amount(sums.get("training.attendance", 0)),
            _("人次"),
            _("%(count)s 人提升技能等级", count=amount(promoted)) if promoted else "",
        ),
        one(_("核验经济效益"), measured(sums.get(outputs.BENEFIT, 0), 2, trimmed=True), _("万元，累计")),
    ]


def studio_charts(by_year: list[dict[str, Any]]) -> dict[str, Any]:
    year_of = [_("%(year)s 年", year=row["year"]) for row in by_year]
    names = {group: wording.say(f"studio.group.{group}") for group in outputs.ACHIEVEMENTS}
    return {
        "outputs": charts.outputs_by_year(by_year, names, year_of, (_("年份"), _("合计"))),
        "benefit": charts.benefit_by_year(by_year, year_of, (_("年份"), _("效益（万元）"))),
    }


def timeline(history: list[dict[str, Any]], leaders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Namings, their ends and changes of the lead person in one line of time."""
    events: list[dict[str, Any]] = []
    for row in history:
        events.append({"kind": "naming", "on": row["starts_on"], "row": row})
        if row["ends_on"]:
            events.append({"kind": "end", "on": row["ends_on"], "row": row})
    events += [{"kind": "leader", "on": row["since"], "row": row} for row in leaders]
    return sorted(events, key=lambda event: (event["on"], event["kind"] != "leader"))


LEVEL_TITLES = ("", "高级技师", "技师", "高级工", "中级工", "初级工")


def own_title(person: dict[str, Any]) -> str:
    """A person's title unless it only repeats the skill level beside it."""
    title = str(person["title"])
    return "" if title == LEVEL_TITLES[person["skill_level"] or 0] else title


def held_tier(history: list[Mapping[str, Any]], at: date) -> Mapping[str, Any] | None:
    """The naming a studio counts by at a date, from its history."""
    now = [
        row for row in history if row["starts_on"] <= at and (row["ends_on"] is None or row["ends_on"] > at)
    ]
    return min(now, key=lambda row: TIERS.index(row["tier"]), default=None)


@get("/studios/{number:str}")
async def show_studio(request: Web, number: FromPath[str]) -> Page:
    person = viewer(request)
    studio = await records.seen(person, number)
    history = await namings.of_studio(studio["id"])
    leaders = await members.leaders(studio["id"])
    people = [row for row in await members.of_studio(studio["id"]) if row["left_on"] is None]
    leader = next((row for row in reversed(leaders) if row["until"] is None), None)
    rows = await outputs.of_studio(studio["id"])
    by_year = outputs.by_year(rows).to_dicts()
    return page(
        "studios/studio.html",
        studio=studio,
        held=held_tier(history, date.today()),
        events=timeline(history, leaders),
        leader={**leader, "title": own_title(leader)} if leader else None,
        honours=await members.honours_of(leader["worker"]) if leader else [],
        people=[{**row, "name": mask_name(row["name"]), "title": own_title(row)} for row in people],
        table=outputs_table(rows),
        measured=measured,
        figures=figures(rows, by_year),
        charts=studio_charts(by_year) if by_year else None,
        equipment=records.equipment_in_wan(studio["equipment"]),
        may_edit=rules.may_edit(person, studio["union_path"]),
    )


@contextlib.asynccontextmanager
async def keeping(app: Litestar) -> AsyncIterator[None]:
    """Pages made for strangers live as long as the application."""
    app.state.ready_studios = Shelf(READY_BYTES)
    yield


lifespan = [keeping]
routes = [show_list, download, show_studio]
