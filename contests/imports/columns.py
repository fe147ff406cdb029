"""What the columns of a registration file mean, and a row of it as a form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from contests.eligibility import check_typed
from contests.forms.entry import EntryForm
from contests.registration import Desk
from federation import privacy
from federation.findings import Finding, errors
from federation.refusals import Refusal
from federation.spreadsheets import MAX_ROWS, Row, Sheet

HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "选手姓名", "参赛选手", "name"),
    "identity_number": (
        "证件号码", "身份证号", "身份证号码", "居民身份证号", "公民身份号码", "证件号", "identitynumber"
    ),
    "phone": ("手机", "手机号", "手机号码", "联系电话", "电话", "联系方式", "phone"),
    "organisation": ("工作单位", "单位", "所在单位", "单位名称", "单位全称", "学校", "organisation"),
    "delegation": ("代表队", "代表团", "推荐单位", "参赛队", "delegation"),
    "event": ("赛项", "赛项名称", "参赛项目", "竞赛项目", "竞赛职业", "职业(工种)", "工种", "event"),
    "category": ("组别", "参赛组别", "category"),
    "status": ("身份类别", "人员类别", "选手身份", "身份", "status"),
    "skill_level": ("职业技能等级", "技能等级", "现有等级", "现有职业资格等级", "等级", "skilllevel"),
    "certificate_number": ("证书编号", "证书号", "等级证书编号", "职业资格证书编号", "certificatenumber"),
}  # fmt: skip
"""Field → the headers it is known by; the first is the one of the template."""

FIELDS = {_alias: field for field, aliases in HEADERS.items() for _alias in aliases}
REQUIRED = ("name", "identity_number", "phone", "organisation", "event")
PRIVATE = ("identity_number", "phone")
CATEGORIES = {"职工": "employee", "学生": "student", "教师": "teacher"}
STATUSES = {
    **CATEGORIES,
    "社会人员": "individual",
    "个人": "individual",
    "在职职工": "employee",
    "老师": "teacher",
}
LEVELS = {"高级技师": 1, "技师": 2, "高级工": 3, "中级工": 4, "初级工": 5, "高级": 3, "中级": 4, "初级": 5}
LEVEL = re.compile(r"([一二三四五1-5])级")
LOST_DIGITS = re.compile(r"\d\.\d+E\+?1[4-9]", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One row of a file: its cells, the written text by field, what it was read as, what is wrong with it."""

    number: int
    cells: tuple[str, ...]
    written: Mapping[str, str]
    form: EntryForm | None
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> str:
        """good, ask (only warnings) or bad."""
        return "bad" if errors(self.findings) else "ask" if self.findings else "good"

    def shown(self, field: str) -> str:
        """What was written, identity numbers and phones masked."""
        value = self.written.get(field, "")
        if field == "identity_number":
            return privacy.mask_identity(value)
        return privacy.mask_phone(value) if field == "phone" else value

    def faulty(self, field: str) -> str:
        """error, warning or nothing, for the cell of this field."""
        of = [found.severity for found in self.findings if found.place == field]
        return "error" if "error" in of else of[0] if of else ""


def find_table(sheets: Sequence[Sheet]) -> tuple[list[str], list[Row]]:
    """Header fields and the rows below, from the first sheet that has them; titles above are passed over.

    Raises Refusal: import.no_header (facts: missing), import.no_rows, file.too_many_rows.
    """
    best: tuple[int, list[str]] = (0, [])
    for sheet in sheets:
        for index, row in enumerate(sheet[:15]):
            known = [FIELDS.get(_header(cell), "") for cell in row.cells]
            score = len({field for field in known if field in REQUIRED})
            if score == len(REQUIRED):
                if len(sheet) - index - 1 > MAX_ROWS:
                    raise Refusal("file.too_many_rows", limit=MAX_ROWS)
                if index + 1 == len(sheet):
                    raise Refusal("import.no_rows")
                return list(row.cells), sheet[index + 1 :]
            best = max(best, (score, [field for field in REQUIRED if field not in known]), key=lambda b: b[0])
    missing = best[1] or REQUIRED
    raise Refusal("import.no_header", missing=[HEADERS[field][0] for field in missing])


def _header(cell: str) -> str:
    """A header without spaces, stars and line breaks; full-width brackets as half-width."""
    return re.sub(r"[\s*＊_:：]", "", cell).replace("（", "(").replace("）", ")").lower()


def fields_of(headers: Sequence[str]) -> dict[int, str]:
    """Column → field; where two columns mean the same, the first holds."""
    found: dict[int, str] = {}
    for column, cell in enumerate(headers):
        field = FIELDS.get(_header(cell))
        if field and field not in found.values():
            found[column] = field
    return found


def read_line(row: Row, columns: Mapping[int, str], desk: Desk) -> Line:
    """A row as a form, with what could not be understood. Places of findings are fields of HEADERS."""
    written = {field: row.cells[column] for column, field in columns.items() if column < len(row.cells)}
    findings = [
        Finding("import.digits_lost", place=field)
        for field in PRIVATE
        if LOST_DIGITS.fullmatch(written.get(field, ""))
    ]
    category, of_category = _category_of(written, desk)
    delegation, of_delegation = _delegation_of(written.get("delegation", ""), desk)
    status, of_status = _status_of(written, category)
    level, of_level = level_of(written.get("skill_level", ""))
    values = {
        **{field: value for field, value in written.items() if value},
        "event_category": category["id"] if category else 0,
        "delegation": delegation,
        "status": status,
        "skill_level": level,
    }
    form, of_form = _form_of(values)
    findings += [*of_category, *of_delegation, *of_status, *of_level, *of_form]
    if form is None:
        findings = with_more(findings, check_typed(written))
    return Line(row.number, row.cells, written, form, tuple(findings))


def missing(field: str) -> Finding:
    return Finding("entry.missing", place=field, facts={"field": field})


def with_more(findings: Sequence[Finding], more: Sequence[Finding]) -> list[Finding]:
    """The findings, and those of `more` whose field has none yet: one fault of a cell is enough to mend it.

    An event category stands in two columns, so that a fault in either covers it.
    """
    said = {finding.place for finding in findings}
    if said & {"event", "category"}:
        said.add("event_category")
    placed = [
        Finding(one.code, one.severity, "event" if one.place == "event_category" else one.place, one.facts)
        for one in more
        if one.place not in said
    ]
    return [*findings, *placed]


def _form_of(values: Mapping[str, Any]) -> tuple[EntryForm | None, list[Finding]]:
    try:
        return EntryForm.model_validate(values), []
    except ValidationError as failure:
        return None, [_finding(error) for error in failure.errors()]


def _finding(error: Any) -> Finding:
    place, given = str(error["loc"][0]), error["input"]
    if error["type"] == "string_too_long":
        facts = {"limit": error["ctx"]["max_length"], "length": len(given)}
        return Finding("form.too_long", place=place, facts=facts)
    return missing(place)


def _bare(text: str) -> str:
    return re.sub(r"[\s组类()（）]", "", text)


def _category_of(written: Mapping[str, str], desk: Desk) -> tuple[Mapping[str, Any] | None, list[Finding]]:
    """The event category by name or code of the event and by category, which may be left out where only one is."""
    event = written.get("event", "")
    same = [
        c for c in desk.categories.values() if event in (c["event_name"], c["event_name_en"], c["event_code"])
    ]
    if not event or not same:
        names = list(dict.fromkeys(c["event_name"] for c in desk.categories.values()))
        if not event:
            return None, [missing("event")]
        return None, [Finding("import.event_unknown", place="event", facts={"value": event, "events": names})]
    text = written.get("category", "")
    wanted = CATEGORIES.get(_bare(text), text)
    fitting = [c for c in same if c["category"] == wanted] if text else same
    if len(fitting) != 1:
        facts = {"value": text, "event": event, "category": [c["category"] for c in same]}
        code = "import.category_unknown" if text else "import.category_open"
        return None, [Finding(code, place="category", facts=facts)]
    return fitting[0], []


def _delegation_of(text: str, desk: Desk) -> tuple[str, list[Finding]]:
    """The code of the delegation; whoever files for only one may leave it out."""
    if not text and len(desk.delegations) == 1:
        return next(iter(desk.delegations)), []
    if not text:
        return "-", [missing("delegation")]
    bare = re.sub(r"(代表队|代表团|市总工会|总工会|工会联合会|市)$", "", text)
    for code, unit in desk.delegations.items():
        if text in (code, unit["name"], unit["name_en"], unit["short_name"]) or bare == unit["short_name"]:
            return code, []
    return "-", [Finding("import.delegation_unknown", place="delegation", facts={"value": text})]


def _status_of(written: Mapping[str, str], category: Mapping[str, Any] | None) -> tuple[str, list[Finding]]:
    text = written.get("status", "")
    if not text:
        return category["category"] if category else "employee", []
    status = STATUSES.get(_bare(text), text if text in STATUSES.values() else "")
    if status:
        return status, []
    return "employee", [Finding("import.status_unknown", place="status", facts={"value": text})]


def level_of(text: str) -> tuple[int | None, list[Finding]]:
    """5 to 1, 三级, 高级工 or 高级工（三级）."""
    bare = re.sub(r"[\s/、()（）]", "", text)
    if not bare or bare in ("无", "-", "—"):
        return None, []
    if named := LEVEL.search(bare):
        return "一二三四五".find(named[1]) + 1 or int(named[1]), []
    level = int(bare) if re.fullmatch("[1-5]", bare) else LEVELS.get(bare)
    if level is None:
        return None, [Finding("import.level_unknown", place="skill_level", facts={"value": text})]
    return level, []
