"""The contests of the demo: three years of a plan that changes its occupations from year to year."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from contests import schemes
from contests.tables import Contest, Event, EventCategory, Scheme, Step
from federation.judging import Scheme as Rule
from web.demo.accounts import Staff
from web.demo.calendar import Term, last_year, moment, term
from web.demo.entries import Competition, Entries
from web.demo.marks import Marks
from web.demo.notices import Objections
from web.demo.panels import Panels
from web.demo.publications import Publications
from web.demo.rows import FOLDER, Pile, read

YEARS = 3
LEANING_AT = "WJ"
CORRECTED = "E02/employee"
"""Of the contest under notice: a mark was corrected between its first publication and the next."""
PUBLISHED = {"provisional": 1, "notice": 2, "final": 3, "archived": 3}
ORGANISERS = {"province": "江西省总工会", "city": "市总工会、市人力资源和社会保障局", "county": "区总工会"}


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of the plan."""

    order: int
    row: dict[str, str]

    def occupations(self, number: int) -> list[str]:
        """Those contested in the nth year."""
        codes, count = self.row["occupations"].split(), int(self.row["per_year"])
        return list(dict.fromkeys(codes[(number * count + at) % len(codes)] for at in range(count)))


class Programme:
    """Contests, events, categories, schemes and steps, with everything below them."""

    def __init__(
        self,
        random: Random,
        *,
        names: dict[str, tuple[str, str]],
        entries: Entries,
        staff: Staff,
        today: date,
    ) -> None:
        """`names`: code of an occupation → its name in both languages."""
        self.random, self.names, self.entries, self.staff, self.today = random, names, entries, staff, today
        self.contests = Pile(
            Contest,
            (
                "code",
                "name",
                "name_en",
                "series",
                "class_code",
                "level",
                "year",
                "host",
                "organiser",
                "region",
                "industry",
                "venue",
                "venue_en",
                "starts_on",
                "ends_on",
                "registration_opens_on",
                "registration_closes_on",
                "summary",
                "summary_en",
                "document_number",
                "version",
                "created_at",
            ),
        )
        self.events = Pile(
            Event,
            (
                "contest",
                "code",
                "name",
                "name_en",
                "occupation",
                "reference_date",
                "age_min",
                "minimum_field",
                "basis",
                "version",
            ),
        )
        self.schemes = Pile(
            Scheme,
            ("code", "edition", "title", "title_en", "basis", "document", "created_at", "frozen_at"),
        )
        self.categories = Pile(
            EventCategory,
            (
                "event",
                "category",
                "state",
                "scheme",
                "quota",
                "quota_basis",
                "live_public",
                "notice_from",
                "notice_until",
                "revision",
                "publication",
                "version",
            ),
        )
        self.steps = Pile(
            Step,
            ("event_category", "act", "from_state", "to_state", "account", "actor", "reason", "at"),
        )
        self.marks = Marks(random, staff)
        self.panels = Panels()
        self.publications = Publications(staff)
        self.objections = Objections(staff)
        self.at_work: list[int] = []
        self._rules = {
            **schemes.presets(),
            **{
                file.stem: Rule.from_json(file.read_text("utf-8"))
                for file in sorted((FOLDER / "schemes").glob("*.json"))
            },
        }

    @property
    def piles(self) -> tuple[Pile, ...]:
        return (
            self.contests,
            self.events,
            self.schemes,
            self.categories,
            self.steps,
            self.entries.pieces,
            self.entries.pile,
            self.marks.pile,
            self.panels.pile,
            self.publications.pile,
            self.objections.pile,
            self.objections.terms,
        )

    def hold(self) -> Iterator[int]:
        """Make every contest, oldest first; yields how many are made."""
        slots = [Slot(order, row) for order, row in enumerate(read("contests.csv"))]
        newest = last_year(self.today)
        for number, year in enumerate(range(newest - YEARS + 1, newest + 1)):
            for slot in slots:
                self._contest(slot, year, number, len(slots))
                yield len(self.contests.rows)

    def _contest(self, slot: Slot, year: int, number: int, slots: int) -> None:
        row = slot.row
        days = term(
            row["phase"],
            year,
            order=(slot.order * 11) % slots,
            slots=slots,
            today=self.today,
            random=self.random,
        )
        host = self.entries.units[row["host"]]
        industries = [code for code in row["industries"].split("|") if code]
        year = days.starts_on.year
        document = f"赣工办发〔{year}〕{20 + slot.order}号"
        code = f"{year}-{row['slot']}"
        name = f"{year} 年{row['name']}"
        contest = self.contests.add(
            code,
            name,
            f"{year} {row['name_en']}",
            row["series"] or None,
            row["class_code"] or None,
            row["level"],
            year,
            host.id,
            f"{ORGANISERS[row['level']]}主办，{host.short_name}承办",
            host.region if row["level"] != "province" else None,
            industries[0] if len(industries) == 1 else None,
            row["venue"],
            row["venue_en"],
            days.starts_on,
            days.ends_on,
            days.registration_opens_on,
            days.registration_closes_on,
            "理论和实操分开计分；成绩当天录入，封榜后由裁判长复核，公示五个工作日。",
            "Theory and practice are marked apart; marks are entered the same day, the chief referee checks them after "
            "the freeze, and the result stands five working days under public notice.",
            document,
            1,
            moment(days.registration_opens_on - timedelta(days=12), 1),
        )
        if days.state not in ("final", "archived", "planned"):
            self.at_work.append(contest)
        if days.state == "notice":
            self.objections.set_terms(contest, document, days)
        rules = row["schemes"].split("|")
        for at, occupation in enumerate(slot.occupations(number)):
            event = self.events.add(
                contest,
                f"E{at + 1:02d}",
                self.names[occupation][0],
                self.names[occupation][1],
                occupation,
                days.starts_on,
                16,
                15 if row["level"] == "province" else 8,
                f"{document}附件 1",
                1,
            )
            for category in row["categories"].split("|"):
                if category == "employee" or at % 2 == 0:
                    rule = self._rules[rules[at % len(rules)]]
                    where = f"{code}/E{at + 1:02d}/{category}"
                    about = {
                        "contest_name": name,
                        "event_name": self.names[occupation][0],
                        "category": category,
                    }
                    self._category(
                        slot=slot,
                        days=days,
                        event=event,
                        occupation=occupation,
                        rule=rule,
                        where=where,
                        document=document,
                        about=about,
                    )

    def _category(
        self,
        *,
        slot: Slot,
        days: Term,
        event: int,
        occupation: str,
        rule: Rule,
        where: str,
        document: str,
        about: dict[str, Any],
    ) -> None:
        marked = days.state in ("marking", *PUBLISHED)
        rule = dataclasses.replace(rule, basis=f"{document}附件 2 技术文件第 6 条")
        written = schemes.document_text(rule)
        scheme = self.schemes.add(
            where,
            1,
            rule.title,
            rule.title_en,
            rule.basis,
            written,
            moment(days.registration_opens_on - timedelta(days=5), 2),
            moment(days.starts_on, 1) if marked else None,
        )
        identity = len(self.categories.rows) + 1
        competition = Competition(
            identity, slot.row, occupation, about["category"], days, first=where.endswith("E01/employee")
        )
        people = self.entries.enter(competition)
        share = self.random.uniform(0.58, 0.76) if days.state == "marking" else 1.0
        leaning = self.panels.seat(identity, rule, people, leans=slot.row["slot"] == LEANING_AT)
        marks = self.marks.enter(identity, rule, people, days, share, leaning) if marked else []
        acts = list(days.acts())
        corrected = (
            self.marks.correct(marks, acts) if days.state == "notice" and where.endswith(CORRECTED) else None
        )
        revision = len(acts) + len(marks)
        published = PUBLISHED.get(days.state)
        notice = days.state in ("notice", "final", "archived")
        quota = self.entries.quota_of(competition)
        self.categories.add(
            event,
            about["category"],
            days.state,
            scheme,
            quota,
            f"{document}：每个代表队每个赛项" if quota else "",
            days.state != "planned",
            days.notice_from if notice else None,
            days.notice_until if notice else None,
            revision,
            published,
            1,
        )
        for act, before, after, at in acts:
            account, actor = self.staff.of("caipan" if act in ("open_marking", "freeze") else "zuzhi")
            self.steps.add(identity, act, before, after, account, actor, "", at)
        if published:
            about = {
                **about,
                "id": identity,
                "revision": revision,
                "state": days.state,
                "scheme": scheme,
                "document": written,
            }
            self.publications.publish(about, rule, people, marks, acts, corrected)
        if days.state == "notice" and where.endswith("E01/employee"):
            self.objections.lodge(identity, days, [one.number or "" for one in people])
