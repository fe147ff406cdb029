"""Sentences for what the judging core explains: parts of a total, comparisons of a tie, reasons for a place."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from federation.judging import AwardReason, Explanation, Reason
from federation.judging.frames import SCALE
from web.formats import points
from web.language import N_, language
from web.wording import say

WORDS = {
    "told.part.total": N_("总分"),
    "told.part.stage": N_("阶段"),
    "told.part.module": N_("模块"),
    "told.part.subcriterion": N_("子项"),
    "told.part.aspect": N_("评分点"),
    "told.part.attempt": N_("第 %(number)s 次试做"),
    "told.part.deduction": N_("扣分"),
    "told.part.mark": N_("一个评分"),
    "told.part.mark_by": N_("裁判 %(judge)s"),
    "told.method.single": N_("一个评分"),
    "told.method.sum": N_("各裁判评分相加"),
    "told.method.mean": N_("各裁判评分的平均"),
    "told.method.median": N_("各裁判评分的中位数"),
    "told.method.trimmed_mean": N_("去掉 %(high)s 个最高分和 %(low)s 个最低分后平均"),
    "told.method.trimmed_sum": N_("去掉 %(high)s 个最高分和 %(low)s 个最低分后相加"),
    "told.method.clamped_mean": N_("偏离过大的评分收回到平均分附近后再平均"),
    "told.attempts.best": N_("取最好的 %(count)s 次"),
    "told.attempts.sum": N_("各次相加"),
    "told.attempts.last": N_("取最后一次"),
    "told.attempts.mean": N_("去掉最好的 %(skip)s 次，其后 %(count)s 次平均"),
    "told.how.weight": N_("按 %(weight)s%% 计入"),
    "told.how.floor": N_("最低 %(floor)s"),
    "told.how.cap": N_("最高 %(cap)s"),
    "told.how.factor": N_("乘难度系数 %(factor)s"),
    "told.how.rule": N_("由测量值 %(raw)s 按评分规则换算"),
    "told.how.worth": N_("满 %(of)s 折合 %(worth)s 分"),
    "told.how.not_counted": N_("不计入"),
    "told.deduction.points": N_("按分扣"),
    "told.deduction.percent": N_("按比例扣"),
    "told.deduction.adjust": N_("加减分"),
    "told.deduction.void": N_("本项作废"),
    "told.deduction.disqualify": N_("取消资格"),
    "told.blank.pending": N_("待评"),
    "told.blank.absent": N_("裁判缺席"),
    "told.blank.recused": N_("裁判回避"),
    "told.blank.dns": N_("缺考"),
    "told.blank.dnf": N_("未完赛"),
    "told.blank.dsq": N_("取消资格"),
    "told.blank.void": N_("作废"),
    "told.criterion.total": N_("总分"),
    "told.criterion.reached": N_("进入的阶段"),
    "told.criterion.behind": N_("成绩完整"),
    "told.criterion.before": N_("此前累计得分"),
    "told.criterion.time": N_("用时"),
    "told.criterion.attempt": N_("第 %(nth)s 好的试做"),
    "told.criterion.countback": N_("得第 %(nth)s 名的模块数"),
    "told.criterion.lot": N_("抽签"),
    "told.criterion.ruling": N_("裁判长裁定"),
    "told.how.carried": N_("带入 %(carried)s%%"),
    "told.how.drawn": N_("收回到 %(drawn)s"),
    "told.how.dropped_high": N_("最高分，去掉"),
    "told.how.dropped_low": N_("最低分，去掉"),
    "told.how.from": N_("由 %(unrounded)s %(mode)s到 %(step)s"),
    "told.how.center": N_("平均分 %(center)s，偏离不超过 %(clamp)s"),
    "told.how.too_few": N_("只有 %(present)s 个评分，至少要 %(needed)s 个"),
    "told.how.blank_as_zero": N_("没有成绩，按 0 分计"),
    "told.how.at_most": N_("最多 %(maximum)s"),
    "told.how.time": N_("用时 %(time)s"),
    "told.entry": N_("%(entry)s 第 %(place)s 名："),
    "told.entry_tied": N_("%(entry)s 并列第 %(place)s 名："),
    "told.entry_unranked": N_("%(entry)s："),
    "told.reason.equal_totals": N_("总分同为 %(total)s。"),
    "told.reason.near_totals": N_("总分 %(total)s 与 %(other_total)s 相差不超过 %(tolerance)s，视为相同。"),
    "told.reason.shared": N_("共 %(sharing)s 人并列。"),
    "told.reason.not_advanced": N_("没有进入%(stage)s；进入的 %(admitted)s 人名次都在前。"),
    "told.reason.blanks": N_("没有名次：%(standing)s（%(blanks)s）。"),
    "told.award.count": N_(
        "%(title)s：设 %(count)s 名，%(field)s 名有名次者中第 %(first)s 至第 %(last)s 名。"
    ),
    "told.award.share": N_(
        "%(title)s：%(field)s 名有名次者的 %(share)s%%，即第 %(first)s 至第 %(last)s 名。"
    ),
    "told.award.extended": N_("线上并列的都给。"),
    "told.reason.behind": N_(
        "%(other)s 号在前：先比出不同的是%(criterion)s，本人 %(value)s，%(other)s 号 %(other_value)s。"
    ),
    "told.reason.ahead": N_(
        "领先 %(other)s 号：先比出不同的是%(criterion)s，本人 %(value)s，%(other)s 号 %(other_value)s。"
    ),
    "told.reason.tied": N_("与 %(other)s 号逐项比较都相同，名次并列。"),
    "told.reason.alone": N_("目前只有本人有名次。"),
    "told.reason.unranked": N_("没有名次：%(standing)s。"),
}


def plain(value: Fraction | None, places: int = 2) -> str:
    """An exact number of points as it is shown: two decimals, more when it needs them."""
    if value is None:
        return "—"
    scaled = value * SCALE
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    while places < 4 and units % (SCALE // 10**places):
        places += 1
    return points(units, places)


def duration(milliseconds: int | None) -> str:
    """96′12″, hours before it when there are any."""
    if milliseconds is None:
        return "—"
    seconds, rest = divmod(abs(milliseconds), 1000)
    tail = f"{seconds % 60:02d}" + (f".{rest:03d}".rstrip("0") if rest else "")
    return f"{seconds // 60}′{tail}″"


def measured(value: int | None, unit: str) -> str:
    """A tie-break value of a board row: scaled points, a count or milliseconds."""
    if unit == "ms":
        return duration(value)
    if unit == "count":
        return "—" if value is None else str(value)
    return points(value)


def criterion(code: str, title: str = "", title_en: str = "") -> str:
    """A comparison by name: "模块 C", "用时", "抽签"."""
    level, _colon, rest = code.partition(":")
    if language() == "en" and title_en:
        title = title_en
    if code == "total before":
        return say("told.criterion.before")
    if level in ("attempt", "countback"):
        return say(f"told.criterion.{level}", nth=rest)
    if level in ("total", "reached", "behind", "time", "lot", "ruling"):
        return say(f"told.criterion.{level}")
    return title or rest or code


def reason(why: Reason, other: str, title: str = "", title_en: str = "") -> str:
    """Why a place is what it is, in a sentence or two. `other`: the number of the entry it is compared with."""

    def shown(value: Fraction | None) -> str:
        if value is None:
            return "—"
        return plain(value) if why.unit == "points" else measured(int(value), why.unit)

    if why.criterion == "reached" and why.code == "behind" and "admitted" in why.facts:
        return say("told.reason.not_advanced", stage=_stage(why.facts), admitted=why.facts["admitted"])
    standing = say(f"standing.{why.status}") if why.status else ""
    if why.code == "unranked" and why.facts.get("blanks"):
        blanks = [f"{aspect} {say(f'told.blank.{kind}')}" for aspect, kind in why.facts["blanks"][:5]]
        return say("told.reason.blanks", standing=standing, blanks=blanks)
    named = criterion(why.criterion, title or why.title, title_en or why.title_en) if why.criterion else ""
    sentence = say(
        f"told.reason.{why.code}",
        other=other,
        criterion=named,
        value=shown(why.value),
        other_value=shown(why.other_value),
        standing=standing,
    )
    parts = [_totals(why), sentence]
    if why.code == "tied" and why.sharing > 2:
        parts.append(say("told.reason.shared", sharing=why.sharing))
    return ("" if language() == "zh" else " ").join(part for part in parts if part)


def _stage(facts: Mapping[str, Any]) -> str:
    return str((facts["title_en"] if language() == "en" else "") or facts["title"] or facts["stage"])


def _totals(why: Reason) -> str:
    """That the totals count as equal, where something else decided."""
    if "total" not in why.facts:
        return ""
    code = "near_totals" if "tolerance" in why.facts else "equal_totals"
    return say(f"told.reason.{code}", **{name: plain(value) for name, value in why.facts.items()})


def award(why: AwardReason) -> str:
    """Why an entry is proposed for an award."""
    line = why.line
    base = "count" if line.count is not None else "share"
    title = (line.title_en if language() == "en" else "") or line.title or line.id
    said = say(
        f"told.award.{base}",
        title=title,
        count=line.count,
        share=plain(Fraction(line.share or 0, SCALE) * 100, 0),
        field=why.field,
        first=why.first,
        last=why.last,
    )
    return f"{said}{'' if language() == 'zh' else ' '}{say('told.award.extended')}" if why.extended else said


def how(part: Explanation) -> list[str]:
    """How the value of one part came about, in short phrases."""
    facts = part.facts
    said = [*_judges(part), *_points(part)]
    if "attempts" in facts:
        said.append(
            say(f"told.attempts.{facts['attempts']}", count=facts["count"], skip=facts.get("skip", 0))
        )
    if facts.get("weight", 1) != 1:
        said.append(say("told.how.weight", weight=percent(facts["weight"])))
    if facts.get("carried", 1) not in (0, 1):
        said.append(say("told.how.carried", carried=percent(facts["carried"])))
    if "kind" in facts:
        said.append(say(f"told.deduction.{facts['kind']}"))
    if "maximum" in facts:
        said.append(say("told.how.at_most", maximum=plain(facts["maximum"])))
    said += _limits(part)
    said += _mark(part)
    if not part.counted and part.value is not None and "dropped" not in facts:
        said.append(say("told.how.not_counted"))
    return said


def _judges(part: Explanation) -> list[str]:
    facts, method = part.facts, part.facts.get("method", "single")
    if method == "single":
        return []
    said = [say(f"told.method.{method}", high=facts.get("drop_high", 0), low=facts.get("drop_low", 0))]
    if method.startswith("trimmed") and "drop_high" not in facts:
        said = [say(f"told.method.{'mean' if method == 'trimmed_mean' else 'sum'}")]
    if facts.get("raw") is None and facts["present"] < facts["needed"]:
        return [say("told.how.too_few", present=facts["present"], needed=facts["needed"])]
    if "center" in facts:
        said.append(say("told.how.center", center=plain(facts["center"]), clamp=plain(facts["clamp"])))
    return said


def _points(part: Explanation) -> list[str]:
    facts = part.facts
    said: list[str] = []
    if "rule" in facts:
        said.append(say("told.how.rule", raw=plain(facts.get("raw"))))
    if "worth" in facts:
        said.append(say("told.how.worth", of=plain(facts["of"]), worth=plain(facts["worth"])))
    if "factor" in facts and facts["factor"] != 1:
        said.append(say("told.how.factor", factor=plain(facts["factor"])))
    if facts.get("blank_as_zero"):
        said.append(say("told.how.blank_as_zero"))
    return said


def _limits(part: Explanation) -> list[str]:
    facts = part.facts
    said: list[str] = []
    if "limited" in facts:
        limit = facts["limited"]
        said.append(say(f"told.how.{limit}", **{limit: plain(facts[limit])}))
    if "unrounded" in facts and "step" in facts:
        mode = say(f"rounded.{facts['mode']}")
        said.append(
            say(
                "told.how.from",
                unrounded=plain(facts["unrounded"], 4),
                mode=mode,
                step=plain(facts["step"], 0),
            )
        )
    return said


def _mark(part: Explanation) -> list[str]:
    facts = part.facts
    said: list[str] = []
    if "dropped" in facts:
        said.append(say(f"told.how.dropped_{facts['dropped']}"))
    if "drawn" in facts:
        said.append(say("told.how.drawn", drawn=plain(facts["drawn"])))
    if facts.get("blank"):
        said.append(say(f"told.blank.{facts['blank']}"))
    if facts.get("time") is not None and part.code == "mark":
        said.append(say("told.how.time", time=duration(facts["time"])))
    return said


def percent(share: Fraction) -> str:
    """An exact share as a percentage without trailing zeros."""
    return plain(share * 100, 0)


def part_name(part: Explanation, titles: dict[str, tuple[str, str]]) -> str:
    """What a part is called; `titles` are those of the scheme by id, Chinese and English."""
    if part.code == "attempt":
        return say("told.part.attempt", number=part.facts.get("attempt", part.id))
    if part.code == "mark":
        judge = part.facts.get("judge", "")
        return say("told.part.mark_by", judge=judge) if judge else say("told.part.mark")
    if part.code == "total":
        return say("told.part.total")
    chinese, english = titles.get(part.id, (part.title, part.title_en))
    return (english if language() == "en" and english else chinese) or part.id


def facts_of(part: Explanation) -> dict[str, Any]:
    """A part as plain values, for pages and data."""
    return {"value": plain(part.value), "part": plain(part.part) if part.part is not None else None}
