"""The diagnostics of a board as their page reads them: figures, tables of words, and the sentence to each place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from contests.boards.reading import titles_of
from contests.diagnostics import Diagnosed, Seat
from federation.judging import SCALE, format_value
from federation.judging.diagnostics import beside
from web.charts import diagnostics as charts
from web.formats import named, points
from web.language import _, language, link

AROUND_LINE = 3
"""Places on either side of an award line that are drawn."""
MOST_DRAWN = 30
MOST_LISTED = 200


@dataclass(frozen=True)
class DiagnosticsView:
    """Charts are {figure, table} or None; tables are rows of ready words."""

    judges: dict[str, Any] | None
    spreads: list[Mapping[str, Any]]
    left_out: dict[str, Any] | None
    moves: list[Mapping[str, Any]]
    own_unit: list[Mapping[str, Any]]
    modules: dict[str, Any] | None
    firmness: dict[str, Any] | None
    places: list[Mapping[str, Any]]
    partial: bool
    untold: str
    ranked: int
    marks: int
    judge_count: int
    striking: int = 0
    more_spreads: int = 0
    more_moves: int = 0
    more_places: int = 0


def signed(value: float | None, places: int = 2) -> str:
    """+0.42, −1.00; a float is a diagnostic and never a mark."""
    if value is None:
        return "—"
    text = f"{abs(value):.{places}f}"
    if float(text) == 0:
        return text
    return f"+{text}" if value > 0 else f"−{text}"


def share(value: float | None) -> str:
    return "—" if value is None else f"{value * 100:.1f} %"


def signed_share(value: float | None) -> str:
    return "—" if value is None else f"{signed(value * 100, 1)} %"


@dataclass(frozen=True)
class JudgeView:
    """The marks one judge gave beside others. `counts`: ready figures; `rows`: of the page, furthest first."""

    judge: str
    counts: list[dict[str, Any]]
    rows: list[Mapping[str, Any]]
    total: int


class _Words:
    """Names of entries, parts, judges and prizes in the reader's language."""

    def __init__(self, diagnosed: Diagnosed, seats: Sequence[Seat], address: str = "") -> None:
        self.address = address
        people = diagnosed.gathered.people
        self.people = {
            row[0]: (row[1] or "", row[2]) for row in people.select("entry", "number", "name").iter_rows()
        }
        self.titles = titles_of(diagnosed.gathered)
        self.prizes = {
            line.id: named(line, "title") or line.id for line in diagnosed.gathered.scheme.award_lines
        }
        self.units = {
            seat.unit: named({"name": seat.unit_name, "name_en": seat.unit_name_en}) for seat in seats
        }

    def entry(self, entry: int) -> str:
        number, name = self.people.get(entry, ("", str(entry)))
        return f"{number} {name}".strip()

    def number(self, entry: int) -> str:
        return self.people.get(entry, (str(entry), ""))[0] or str(entry)

    def part(self, identity: str | None) -> str:
        title, english = self.titles.get(identity or "", (identity or "", ""))
        return english if language() == "en" and english else title

    def judge(self, seat: str) -> str:
        return _("裁判 %(judge)s", judge=seat)

    def judge_link(self, seat: str) -> dict[str, str]:
        """A cell that leads to the marks of the judge."""
        return {"text": self.judge(seat), "href": link(f"{self.address}/judge", seat=seat)}

    def beside(self, judges: Sequence[str], values: Sequence[int]) -> str:
        """Judge 1 8, Judge 3 9.5"""
        said = [f"{self.judge(one)} {format_value(value)}" for one, value in zip(judges, values, strict=True)]
        return ("、" if language() == "zh" else ", ").join(said)

    def mark(self, row: Mapping[str, Any]) -> str:
        """Module · aspect · judge, without saying the same twice."""
        parts = [self.part(row["module"])]
        if row["aspect"] != row["module"] and self.part(row["aspect"]) != parts[0]:
            parts.append(self.part(row["aspect"]))
        if row["judge"]:
            parts.append(self.judge(row["judge"]))
        return " · ".join(parts)


def judge_view(diagnosed: Diagnosed, judge: str, first: int, count: int) -> JudgeView | None:
    """The marks of a judge's seat from the `first` on; None when nobody marked from it beside others."""
    words, found = _Words(diagnosed, ()), diagnosed.found
    given = beside(found.numbers, judge)
    if given.is_empty():
        return None
    told = found.judges.row(by_predicate=pl.col("judge") == judge, named=True)
    counts = [
        (_("评分数"), given.height),
        (_("平均差"), signed(told["deviation"])),
        (_("平均差距"), f"{told['absolute']:.2f}"),
        (_("给最高"), told["highest"]),
        (_("给最低"), told["lowest"]),
        (_("被去掉"), told["dropped"]),
    ]
    return JudgeView(
        words.judge(judge),
        [{"label": label, "value": value, "unit": "", "detail": ""} for label, value in counts],
        [_beside(row, words) for row in given.slice(first, count).iter_rows(named=True)],
        given.height,
    )


def _beside(row: Mapping[str, Any], words: _Words) -> dict[str, Any]:
    return {
        "entry": words.entry(row["entry"]),
        "number": words.number(row["entry"]),
        "aspect": words.part(row["aspect"]),
        "attempt": row["attempt"],
        "value": format_value(row["value"]),
        "deviation": signed(row["deviation"]),
        "others": words.beside(row["judges"], row["values"]),
        "dropped": row["dropped"],
    }


def diagnostics_view(diagnosed: Diagnosed, seats: Sequence[Seat], address: str) -> DiagnosticsView:
    """`address`: of the page; a judge's marks lie below it."""
    found, words = diagnosed.found, _Words(diagnosed, seats, address)
    places = _places(diagnosed, words)
    spreads = _spreads(found.spreads, words)
    moves = _moves(found.left_out.moves, words)
    return DiagnosticsView(
        judges=_judges(diagnosed, words),
        spreads=spreads[:MOST_LISTED],
        left_out=_left_out(diagnosed, words),
        moves=moves[:MOST_LISTED],
        own_unit=_own_unit(diagnosed, words),
        modules=_modules(diagnosed, words),
        firmness=_near_lines(places),
        places=places[:MOST_LISTED],
        partial=found.firmness.partial,
        untold=found.firmness.untold,
        ranked=found.outcome.places.filter(pl.col("status") == "").height,
        marks=found.outcome.marks["value"].count(),
        judge_count=found.judges.height,
        striking=found.own_unit.filter(pl.col("verdict") == "striking").height,
        more_spreads=max(0, len(spreads) - MOST_LISTED),
        more_moves=max(0, len(moves) - MOST_LISTED),
        more_places=max(0, len(places) - MOST_LISTED),
    )


def _by_seat(rows: pl.DataFrame) -> list[dict[str, Any]]:
    return sorted(rows.to_dicts(), key=lambda row: (len(row["judge"]), row["judge"]))


def _judges(diagnosed: Diagnosed, words: _Words) -> dict[str, Any] | None:
    found = diagnosed.found
    rows = _by_seat(found.judges)
    values = found.numbers.select("judge", value=pl.col("parted") / pl.col("denominator")).partition_by(
        "judge", as_dict=True
    )
    boxes = [(words.judge(row["judge"]), values[row["judge"],]["value"].to_list()) for row in rows]
    figure = charts.by_judge(boxes, _("与全组平均的差（分）"))
    head = [
        _("裁判"), _("评分数"), _("平均差"), _("占满分"), _("平均差距"), _("给最高"), _("给最低"), _("被去掉"),
        _("与其他人排序一致"),
    ]  # fmt: skip
    table = {
        "head": head,
        "rows": [
            [
                words.judge_link(row["judge"]),
                row["marks"],
                signed(row["deviation"]),
                signed_share(row["share"]),
                f"{row['absolute']:.2f}",
                row["highest"],
                row["lowest"],
                row["dropped"],
                _("样本不足") if row["agreement"] is None else f"{row['agreement']:.2f}",
            ]
            for row in rows
        ],
    }
    return {"figure": figure, "table": table} if figure else None


def _spreads(rows: pl.DataFrame, words: _Words) -> list[Mapping[str, Any]]:
    return [
        {
            "entry": words.entry(row["entry"]),
            "aspect": words.part(row["aspect"]),
            "number": words.number(row["entry"]),
            "marks": words.beside(row["judges"], row["values"]),
            "spread": format_value(row["spread"]),
            "allowed": format_value(row["allowed"]),
        }
        for row in rows.iter_rows(named=True)
    ]


def _left_out(diagnosed: Diagnosed, words: _Words) -> dict[str, Any] | None:
    rows = _by_seat(diagnosed.found.left_out.judges)
    figure = charts.left_out(
        [(words.judge(row["judge"]), row["moved"], row["awards"]) for row in rows],
        (_("人数"), _("名次会变的人"), _("奖项会变的人")),
    )
    table = {
        "head": [
            _("不计这名裁判"),
            _("名次会变的人"),
            _("名次最多差"),
            _("第一名"),
            _("奖项会变的人"),
            _("晋级会变的人"),
        ],
        "rows": [
            [
                words.judge_link(row["judge"]),
                *(
                    [
                        row["moved"],
                        _("%(places)s 名", places=row["largest"]),
                        _("换人") if row["winner"] else _("不换"),
                        row["awards"],
                        row["advanced"],
                    ]
                    if row["told"]
                    else [_("排不出来"), "—", "—", "—", "—"]
                ),
            ]
            for row in rows
        ],
    }
    return {"figure": figure, "table": table} if figure else None


def _moves(rows: pl.DataFrame, words: _Words) -> list[Mapping[str, Any]]:
    """Those whose award or first place would change; mere moves are counted in the table above."""
    first = (pl.col("place") == 1) | (pl.col("place_without") == 1)
    telling = rows.filter(first | pl.col("award").ne_missing(pl.col("award_without")))
    return [
        {
            "judge": words.judge(row["judge"]),
            "entry": words.entry(row["entry"]),
            "place": row["place"],
            "place_without": row["place_without"],
            "total": points(row["total"]),
            "total_without": points(row["total_without"]),
            "award": words.prizes.get(row["award"], "—"),
            "award_without": words.prizes.get(row["award_without"], "—"),
            "crosses": row["award"] != row["award_without"],
        }
        for row in _by_seat(telling)
    ]


def _own_unit(diagnosed: Diagnosed, words: _Words) -> list[Mapping[str, Any]]:
    return [
        {
            "judge": words.judge_link(row["judge"]),
            "unit": words.units.get(row["unit"], row["unit"]),
            "own": row["own"],
            "others": row["others"],
            "difference": signed(row["difference"]),
            "share": signed_share(row["share"]),
            "errors": signed(row["errors"], 1),
            "chance": "—" if row["chance"] is None else _chance(row["chance"]),
            "verdict": row["verdict"],
        }
        for row in _by_seat(diagnosed.found.own_unit)
    ]


def _chance(chance: float) -> str:
    return "< 0.1 %" if chance < 0.001 else f"{chance * 100:.1f} %"


def _modules(diagnosed: Diagnosed, words: _Words) -> dict[str, Any] | None:
    rows = diagnosed.found.items
    single = {row["node"].rsplit("/", 1)[0] for row in rows.to_dicts() if row["level"] == "aspect"}
    shown = [
        row for row in rows.to_dicts() if row["level"] == "module" or row["id"] != row["node"].split("/")[-2]
    ]
    told = [
        (words.part(row["id"]), row["level"] == "module", row["difficulty"], row["correlation"])
        for row in shown
        if row["difficulty"] is not None and row["correlation"] is not None
    ]
    figure = charts.modules(told, (_("得分率"), _("区分度"), _("模块"), _("评分点")))
    table = {
        "head": [
            _("部分"), _("层级"), _("人数"), _("平均分"), _("满分"), _("得分率"), _("与其余部分的相关"),
            _("高分组减低分组"),
        ],
        "rows": [
            [
                words.part(row["id"]),
                _("模块") if row["level"] == "module" else _("评分点"),
                row["entries"],
                _("样本不足") if row["mean"] is None else f"{row['mean']:.2f}",
                format_value(row["maximum"]) or "—",
                share(row["difficulty"]),
                "—" if row["correlation"] is None else f"{row['correlation']:.2f}",
                signed_share(row["upper_lower"]),
            ]
            for row in shown
        ],
    }  # fmt: skip
    return {"figure": figure, "table": table} if shown and single else None


def _places(diagnosed: Diagnosed, words: _Words) -> list[dict[str, Any]]:
    outcome = diagnosed.found.outcome
    awards = dict(outcome.places.select("entry", "award").iter_rows())
    rows = diagnosed.found.firmness.places.to_dicts()
    made = []
    for row in rows:
        amount = None if row["steps"] is None else row["changed"] - row["value"]
        made.append(
            {
                "place": row["place"],
                "entry": words.entry(row["entry"]),
                "number": words.number(row["entry"]),
                "award": words.prizes.get(awards[row["entry"]], ""),
                "award_id": awards[row["entry"]],
                "above": points(row["above"]),
                "below": points(row["below"]),
                "whose": "" if amount is None or row["whose"] == row["entry"] else words.entry(row["whose"]),
                "mark": "" if amount is None else words.mark(row),
                "value": format_value(row["value"]),
                "changed": format_value(row["changed"]),
                "change": ""
                if amount is None
                else f"{'+' if amount > 0 else '−'}{format_value(abs(amount))}",
                "amount": None if amount is None else abs(amount) / SCALE,
                "steps": row["steps"],
                "rises": row["direction"] == "rises",
            }
        )
    return made


def _near_lines(places: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The places around the award lines; without lines the first ones."""
    ends = [
        at
        for at, row in enumerate(places[:-1])
        if row["award_id"] is not None and row["award_id"] != places[at + 1]["award_id"]
    ]
    wanted = (
        {at for end in ends for at in range(end - AROUND_LINE + 1, end + AROUND_LINE + 1)}
        if ends
        else set(range(MOST_DRAWN))
    )
    shown = [(at, row) for at, row in enumerate(places) if at in wanted and row["amount"]][:MOST_DRAWN]
    held = [
        charts.Held(
            f"{row['place']} · {row['number']}",
            row["amount"],
            row["rises"],
            f"{row['whose'] or _('本人')} {row['mark']} {row['change']}",
            _("%(name)s线", name=row["award"]) if at in ends else "",
        )
        for at, row in shown
    ]
    figure = charts.near_lines(held, (_("一个评分要改多少分（对数刻度）"), _("会上升"), _("会下降")))
    table = {
        "head": [_("名次"), _("参赛号"), _("要改的评分"), _("改多少"), _("结果")],
        "rows": [
            [
                row["place"],
                row["number"],
                f"{row['whose'] or _('本人')} · {row['mark']}",
                row["change"],
                _("会上升") if row["rises"] else _("会下降"),
            ]
            for _at, row in shown
        ],
    }
    return {"figure": figure, "table": table} if figure else None
