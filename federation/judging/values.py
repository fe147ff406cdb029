"""One mark as text: what clerks type and files hold, to a scaled integer and back."""

import re
from decimal import ROUND_HALF_UP, Decimal

from federation.findings import Finding
from federation.judging.frames import SCALE
from federation.judging.schemes import Aspect

_NUMBER = re.compile(r"[+-]?(\d{1,12})(\.\d*)?|[+-]?\.\d+")
_WIDE = str.maketrans("０１２３４５６７８９．－＋　", "0123456789.-+ ")
_BLANK_WORDS = {
    word: blank
    for blank, words in {
        "pending": ("pending", "待评"),
        "absent": ("absent", "缺席"),
        "recused": ("recused", "recusal", "回避"),
        "dns": ("dns", "缺考", "弃权", "未到", "缺赛"),
        "dnf": ("dnf", "未完赛", "未完成"),
        "dsq": ("dsq", "dq", "取消资格", "取消成绩"),
        "void": ("void", "作废"),
    }.items()
    for word in words
}


def parse_value(text: str, aspect: Aspect | None = None) -> tuple[int | None, str | None, list[Finding]]:
    """(scaled value, blank, findings). Empty text is (None, None, []); DNS, DNF, DSQ … give their blank.

    Full-width digits are read. With an aspect, range and step are checked too.
    """
    plain = text.translate(_WIDE).strip()
    if not plain:
        return None, None, []
    blank = _BLANK_WORDS.get(plain.lower())
    if blank is not None:
        return None, blank, []
    if not _NUMBER.fullmatch(plain):
        return None, None, [Finding("marks.not_a_number", facts={"value": text[:80]})]
    number = Decimal(plain) * SCALE
    if number != number.to_integral_value():
        return None, None, [Finding("marks.too_many_decimals", facts={"value": text[:80], "decimals": 4})]
    value = int(number)
    return value, None, [] if aspect is None else check_value(value, aspect)


def check_value(value: int, aspect: Aspect) -> list[Finding]:
    """Range and step of one scaled value; the facts are texts fit for a sentence."""
    findings = range_findings(value, aspect)
    if (value - (aspect.minimum or 0)) % aspect.step:
        facts = {"aspect": aspect.id, "value": format_value(value), "step": format_value(aspect.step)}
        findings.append(Finding("marks.value_off_step", facts=facts))
    return findings


def range_findings(value: int, aspect: Aspect) -> list[Finding]:
    facts = {"aspect": aspect.id, "value": format_value(value)}
    if aspect.minimum is not None and value < aspect.minimum:
        return [
            Finding("marks.value_below_minimum", facts={**facts, "minimum": format_value(aspect.minimum)})
        ]
    if aspect.maximum is not None and value > aspect.maximum:
        return [
            Finding("marks.value_above_maximum", facts={**facts, "maximum": format_value(aspect.maximum)})
        ]
    return []


def format_value(value: int | None, decimals: int | None = None) -> str:
    """A scaled integer as a plain decimal; without `decimals` as short as it is exact. Empty for None."""
    if value is None:
        return ""
    number = Decimal(value) / SCALE
    if decimals is not None:
        return f"{number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
