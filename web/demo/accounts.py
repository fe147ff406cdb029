"""The accounts one can try the demo with; the sign-in page shows them while the demo is on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from federation import accounts
from federation.changes import SYSTEM
from web.language import N_

PASSWORD = "Gan-Po-2026"  # noqa: S105  (printed on the sign-in page of the demonstration)
SIGN_INS = (
    ("zuzhi", "organiser", N_("开赛项、收报名、看登分、公布榜单")),
    ("lufen1", "clerk", N_("在登分表里录成绩")),
    ("lufen2", "clerk", N_("和另一位录分员同时录")),
    ("caipan", "chief_referee", N_("开评、封榜、更正成绩")),
    ("jiandu", "supervisor", N_("看全过程，给解密见证")),
    ("jianlu", "checkin", N_("核对到场的人")),
    ("jiami1", "anonymiser", N_("保管第一层加密")),
    ("jiami2", "anonymiser", N_("保管第二层加密")),
    ("zhongcai", "appeals_panel", N_("受理申诉，提出裁决")),
    ("sheng", "officer", N_("省总：全省的竞赛和工作室")),
    ("nanchang", "officer", N_("南昌市总：本市的报名和工作室")),
    ("donghu", "officer", N_("东湖区总：本区的工作室")),
    ("lingdui", "leader", N_("替代表队报名、批量导入、提出申诉")),
    ("xuanshou", "participant", N_("给自己报名、看名次")),
    ("shenji", "auditor", N_("核对留痕")),
    ("guanli", "administrator", N_("账号与权限")),
)
"""Login, role, what one does with it."""

NAMES = {
    "zuzhi": "罗文婷",
    "lufen1": "邹晓燕",
    "lufen2": "万志明",
    "caipan": "涂建平",
    "jiandu": "谌国华",
    "jianlu": "付小梅",
    "jiami1": "陶明德",
    "jiami2": "聂红英",
    "zhongcai": "帅建华",
    "sheng": "彭雅琴",
    "nanchang": "熊志勇",
    "donghu": "饶佳慧",
    "lingdui": "胡国栋",
    "xuanshou": "熊文涛",
    "shenji": "甘正平",
    "guanli": "聂宇航",
}
BRANCHES = {
    "zuzhi": "T360000",
    "jiandu": "T360000",
    "jianlu": "T360000",
    "jiami1": "T360000",
    "jiami2": "T360000",
    "zhongcai": "T360000",
    "sheng": "T360000",
    "nanchang": "T360100",
    "donghu": "T360102",
    "lingdui": "T360100",
}
AT_CONTESTS = ("lufen1", "lufen2", "caipan")


@dataclass(frozen=True, slots=True)
class Staff:
    """Account ids by login."""

    ids: Mapping[str, int]

    def of(self, login: str) -> tuple[int, str]:
        """Account and name, as marks and steps keep them."""
        return self.ids[login], NAMES[login]


async def open_all() -> Staff:
    return Staff(
        {
            login: await accounts.open_account(
                SYSTEM, login=login, password=PASSWORD, display_name=NAMES[login]
            )
            for login, _, _ in SIGN_INS
        }
    )


def grants(
    staff: Staff, units: Mapping[str, int], contests: list[int]
) -> list[tuple[int, str, str, int | None]]:
    """Rows of `role_grant`: officers by branch, clerks and the chief referee by the contests at work."""
    rows: list[tuple[int, str, str, int | None]] = []
    for login, role, _ in SIGN_INS:
        account = staff.ids[login]
        if login in AT_CONTESTS:
            rows += [(account, role, "contest", contest) for contest in contests]
        elif login in BRANCHES:
            rows.append((account, role, "union", units[BRANCHES[login]]))
        else:
            rows.append((account, role, "all", None))
    return rows
