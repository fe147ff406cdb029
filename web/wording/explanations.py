"""Sentences for what the judging core explains: parts of a total, comparisons of a tie, reasons for a place."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from federation.judging import Explanation, Reason
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
    "told.how.weight": N_("按 %(weight)s%% 计入"),
    "told.how.floor": N_("最低 %(floor)s"),
    "told.how.cap": N_("最高 %(cap)s"),
    "told.how.factor": N_("乘难度系数 %(factor)s"),
    "told.how.rule": N_("由测量值 %(raw)s 按评分规则换算"),
    "told.how.worth": N_("满 %(of)s 折合 %(worth)s 分"),
    "told.how.rounded": N_("保留到 %(step)s"),
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
    """Why a place is what it is, in one sentence. `other`: the number of the entry it is compared with."""

    def shown(value: Fraction | None) -> str:
        if value is None:
            return "—"
        return plain(value) if why.unit == "points" else measured(int(value), why.unit)

    return say(
        f"told.reason.{why.code}",
        other=other,
        criterion=criterion(why.criterion, title, title_en) if why.criterion else "",
        value=shown(why.value),
        other_value=shown(why.other_value),
        standing=say(f"standing.{why.status}") if why.status else "",
    )


def how(part: Explanation) -> list[str]:  # noqa: C901  (one phrase per fact, none depends on another)
    """How the value of one part came about, in short phrases."""
    facts = part.facts
    said: list[str] = []
    method = facts.get("method", "single")
    if method != "single":
        said.append(
            say(f"told.method.{method}", high=facts.get("drop_high", 1), low=facts.get("drop_low", 1))
        )
    if "attempts" in facts:
        said.append(say(f"told.attempts.{facts['attempts']}", count=facts.get("count", 1)))
    if "rule" in facts:
        said.append(say("told.how.rule", raw=plain(facts.get("raw"))))
    if "worth" in facts:
        said.append(say("told.how.worth", of=plain(facts["of"]), worth=plain(facts["worth"])))
    if "factor" in facts and facts["factor"] != 1:
        said.append(say("told.how.factor", factor=plain(facts["factor"])))
    if facts.get("weight", 1) != 1:
        said.append(say("told.how.weight", weight=f"{float(facts['weight'] * 100):g}"))
    if "kind" in facts:
        said.append(say(f"told.deduction.{facts['kind']}"))
    said += [
        say(f"told.how.{limit}", **{limit: plain(facts[limit])})
        for limit in ("floor", "cap")
        if limit in facts
    ]
    if "step" in facts and part.code != "aspect":
        said.append(say("told.how.rounded", step=plain(facts["step"])))
    if facts.get("blank"):
        said.append(say(f"told.blank.{facts['blank']}"))
    if not part.counted and part.value is not None:
        said.append(say("told.how.not_counted"))
    return said


def part_name(part: Explanation, titles: dict[str, tuple[str, str]]) -> str:
    """What a part is called; `titles` are those of the scheme by id, Chinese and English."""
    if part.code == "attempt":
        return say("told.part.attempt", number=part.facts.get("attempt", part.id))
    if part.code == "mark":
        judge = part.facts.get("judge", "")
        return say("told.part.mark_by", judge=judge) if judge else say("told.part.mark")
    if part.code == "total":
        return say("told.part.total")
    chinese, english = titles.get(part.id, ("", ""))
    return (english if language() == "en" and english else chinese) or part.id


def facts_of(part: Explanation) -> dict[str, Any]:
    """A part as plain values, for pages and data."""
    return {"value": plain(part.value), "part": plain(part.part) if part.part is not None else None}
