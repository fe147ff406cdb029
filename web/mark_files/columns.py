"""The columns of mark and entry files: what they may be called, and what becomes of the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from federation.findings import Finding
from web.mark_files.faults import Fault, Faults

MARKS: Mapping[str, tuple[str, ...]] = {
    "entry": (
        *("entry_id", "competitor", "athlete", "contestant", "participant", "bib"),
        *("选手", "参赛编号", "选手编号", "参赛号", "编号", "参赛选手", "选手号"),
    ),
    "aspect": ("criterion", "component", "item", "评分点", "评分项", "评分项目", "模块", "项目"),
    "value": ("mark", "score", "points", "result", "分值", "成绩", "分数", "得分", "评分"),
    "judge": ("juror", "referee", "裁判", "裁判员", "评委"),
    "stage": ("phase", "阶段", "赛段"),
    "attempt": ("try", "trial", "run", "轮次", "试次", "次数", "试举"),
    "factor": ("difficulty", "dd", "coefficient", "难度", "难度系数", "系数"),
    "time": ("duration", "用时", "时间", "耗时"),
}
ENTRIES: Mapping[str, tuple[str, ...]] = {
    "entry": MARKS["entry"],
    "category": ("class", "division", "组别", "类别", "级别"),
    "delegation": ("代表队", "代表团", "参赛队"),
    "region": ("地区", "赛区", "地市"),
    "industry": ("行业", "产业"),
    "team": ("队", "队伍", "团队"),
    "status": ("状态", "参赛状态"),
    "guest": ("客串", "外卡", "不计名次"),
    "lot": ("draw", "抽签"),
    "ruling": ("裁定",),
}
_UNCLEAR = {"round": ("stage", "attempt"), "轮": ("stage", "attempt")}
_ALIKE = 0.8


def plain(name: str) -> str:
    """A column's name without case, spaces and units: "Time (s)" is time."""
    name = re.sub(r"[（(\[【].*?[）)\]】]\s*$", "", name.strip().lstrip("\ufeff"))
    return re.sub(r"[\s_\-]+", "_", name.strip()).lower()


def named(
    file: str, header: Sequence[str], known: Mapping[str, tuple[str, ...]], faults: Faults
) -> tuple[dict[int, str], list[Finding]]:
    """Which column holds what, by position, and warnings for those left out."""
    names = [plain(name) for name in header]
    found: dict[int, str] = {}
    for ours, others in known.items():
        here = [at for at, name in enumerate(names) if name == ours]
        here = here or [at for at, name in enumerate(names) if name in others]
        if len(here) > 1:
            facts = {"column": ours, "found": [header[at].strip() for at in here]}
            faults.add(Fault(file, 1, ours, "", Finding("rank.column_twice", facts=facts)))
        found |= dict.fromkeys(here, ours)
    ignored: list[Finding] = []
    for at, name in enumerate(names):
        if at in found or not name:
            continue
        shown = header[at].strip()[:80]
        alike = _meant(name, known, found.values())
        if alike:
            facts = {"column": shown, "meant": alike, "known": list(known)}
            faults.add(Fault(file, 1, shown, "", Finding("rank.column_misspelt", facts=facts)))
        else:
            facts = {"column": shown, "file": file}
            ignored.append(Finding("rank.column_ignored", "warning", f"{file}:1:{shown}", facts))
    return found, ignored


def _meant(name: str, known: Mapping[str, tuple[str, ...]], taken: object) -> list[str]:
    """The known columns a name may be a slip for; a column that changes results must not be lost to a typo."""
    free = [ours for ours in known if ours not in list(taken)]  # type: ignore[call-overload]
    unclear = [ours for ours in _UNCLEAR.get(name, ()) if ours in free]
    return unclear or [ours for ours in free if SequenceMatcher(None, name, ours).ratio() > _ALIKE]


def belonging_elsewhere(file: str, header: Sequence[str], faults: Faults) -> None:
    """Columns of entries in a file of marks without a file of entries: to lose them would change the ranking."""
    for name in header:
        for ours, others in ENTRIES.items():
            if ours != "entry" and plain(name) in (ours, *others):
                facts = {"column": name.strip()}
                faults.add(Fault(file, 1, name.strip(), "", Finding("rank.column_of_entries", facts=facts)))
