"""The contest of the demo that is under notice: its terms, one objection answered and one that waits."""

from __future__ import annotations

from datetime import timedelta

from contests.tables import NoticeRule, Objection
from federation.privacy import encrypt
from web.demo.accounts import Staff
from web.demo.calendar import NOTICE_DAYS, Term, moment
from web.demo.rows import Pile

# who, how to reach them, their words, the answer where there is one
LODGED = (
    (
        "罗成林",
        "15400001234",
        "公布的实操成绩和现场示分不一致，现场记录是 2 号工件尺寸全部合格，请核对该工件的测量记录。",
        "经调阅该工件的测量记录表和现场视频，尺寸超差两处，两名测量裁判签字一致，成绩无误。异议不成立。",
    ),
    (
        "丁美华",
        "15400005678",
        "这名选手报名表上的工作单位和实际不符，是否符合本组别的参赛资格，请组委会核实社保缴纳单位。",
        "",
    ),
)
RECEIPTS = ("7K3M-9QPX-2FHT", "C4WN-8RDV-5BJY")


class Objections:
    """Rows of `objection` and of `notice_rule`."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff
        self.terms = Pile(
            NoticeRule,
            (
                "contest",
                "event_category",
                "days",
                "opens",
                "closes",
                "first_day",
                "per_day",
                "basis",
                "actor",
                "at",
            ),
        )
        self.pile = Pile(
            Objection,
            (
                "event_category",
                "number",
                "publication",
                "receipt",
                "account",
                "sender",
                "about",
                "name_cipher",
                "contact_cipher",
                "text_cipher",
                "state",
                "remedy",
                "answer",
                "decided_by",
                "decided_at",
                "at",
            ),
        )

    def set_terms(self, contest: int, document: str, days: Term) -> None:
        set_at = moment(days.registration_opens_on, 3)
        actor = self.staff.of("zuzhi")[1]
        basis = f"{document}附件 3 第 9 条"
        self.terms.add(contest, None, NOTICE_DAYS, 540, 1050, "same", 10, basis, actor, set_at)

    def lodge(self, event_category: int, days: Term, numbers: list[str]) -> None:
        """Both on the first day of the notice, about the first and the last of these numbers."""
        about = sorted(filter(None, numbers))
        actor = self.staff.of("zuzhi")[1]
        for number, (name, contact, text, answer) in enumerate(LODGED, 1):
            at = moment(days.notice_from, 1, 20) + timedelta(minutes=25 * number)
            self.pile.add(
                event_category,
                number,
                2,
                RECEIPTS[number - 1],
                None,
                "",
                about[0] if number == 1 else about[-1],
                encrypt(name, purpose="objection.name"),
                encrypt(contact, purpose="objection.contact"),
                encrypt(text, purpose="objection.text"),
                "dismissed" if answer else "open",
                "",
                answer,
                actor if answer else "",
                at + timedelta(hours=2) if answer else None,
                at,
            )
