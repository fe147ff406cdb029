"""Who competes: entries of workers, students and teachers for their delegations, many of them more than once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from contests.tables import Entry, Piece
from web.demo.accounts import NAMES, Staff
from web.demo.calendar import Term, moment
from web.demo.organisations import Organisations, Unit, Workplace
from web.demo.people import Crowd, Person
from web.demo.rows import Pile

QUIZ_SIZE = 1000
"""Fields of this size are quizzes: nobody limits the places."""
AGAIN = 0.4
"""How often a place goes to somebody who competed before."""
STAR_AT = ("TGB", "TX")
RETURNED = "证书编号与等级不符，请核对后重报"


@dataclass(frozen=True, slots=True)
class Competition:
    """An event category to be filled; `first`: the first of its contest."""

    id: int
    plan: Mapping[str, str]
    occupation: str
    category: str
    days: Term
    first: bool = False


@dataclass(frozen=True, slots=True)
class Competitor:
    """One entry. `piece` is 0 before there is one; `talent` is what their marks turn around."""

    entry: int
    piece: int
    person: Person
    delegation: Unit
    workplace: Workplace
    number: str | None
    standing: str
    talent: float


class Entries:
    """Rows of `entry`."""

    def __init__(
        self, random: Random, *, units: list[Unit], organisations: Organisations, crowd: Crowd, staff: Staff
    ) -> None:
        self.random, self.crowd, self.staff = random, crowd, staff
        self.units = {unit.code: unit for unit in units}
        self.workplaces = {place.id: place for places in organisations.by_unit.values() for place in places}
        self._of_city: dict[str, list[Workplace]] = {}
        for place in self.workplaces.values():
            self._of_city.setdefault(place.unit.city, []).append(place)
        self._of_unit = organisations.by_unit
        self._pools: dict[tuple[str, str, str], list[Person]] = {}
        self._talents: dict[int, float] = {}
        home = next(place for place in self._of_unit["T360102"] if place.field.industry in "CD")
        self.star = crowd.person((1994, 1994), home.id, skill_level=2, name=NAMES["xuanshou"], sex="m")
        self._talents[self.star.id] = 0.9
        self.pile = Pile(
            Entry,
            (
                "event_category",
                "worker",
                "delegation",
                "organisation",
                "organisation_name",
                "name",
                "skill_level",
                "number",
                "state",
                "reason",
                "standing",
                "guest",
                "filed_by",
                "filed_at",
                "decided_at",
                "version",
                "piece",
            ),
        )
        self.pieces = Pile(Piece, ("event_category", "number", "standing", "version"))

    def enter(self, competition: Competition) -> list[Competitor]:
        """Fill an event category as far as its state goes; returns the approved."""
        state = competition.days.state
        if state == "planned":
            return []
        size = int(int(competition.plan["size"]) * self.random.uniform(0.85, 1.2))
        if competition.category != "employee":
            size = size * 2 // 3
        if state == "open":
            size = size * 2 // 3
        people = self._people(competition, size)
        numbers: list[str | None] = [None] * len(people)
        if state not in ("open", "closed"):
            width = max(3, len(str(len(people))))
            drawn = list(range(1, len(people) + 1))
            self.random.shuffle(drawn)
            numbers = [f"{number:0{width}d}" for number in drawn]
        entered = [
            self._entry(competition, delegation, person, number)
            for (delegation, person), number in zip(people, numbers, strict=True)
        ]
        return [competitor for competitor in entered if competitor is not None]

    def quota_of(self, competition: Competition) -> int | None:
        if int(competition.plan["size"]) >= QUIZ_SIZE:
            return None
        largest = int(competition.plan["size"]) * 6 // 5
        return max(3, -(-largest // len(self._delegations(competition))))

    def _delegations(self, competition: Competition) -> list[Unit]:
        host = self.units[competition.plan["host"]]
        if competition.plan["level"] != "province":
            return [unit for unit in self.units.values() if unit.city == host.city and unit.level == "county"]
        cities = [unit for unit in self.units.values() if unit.level == "city" and unit.kind != "industrial"]
        if competition.category != "employee":
            return cities
        industries = [unit for unit in self.units.values() if unit.kind == "industrial"]
        if host.kind == "industrial":
            return [
                *cities,
                host,
                *(unit for unit in industries if unit.id % 6 == host.id % 6 and unit != host),
            ]
        return [*cities, *industries]

    def _people(self, competition: Competition, size: int) -> list[tuple[Unit, Person]]:
        delegations = self._delegations(competition)
        found: list[tuple[Unit, Person]] = []
        taken: set[int] = set()
        if competition.first and competition.plan["slot"] in STAR_AT:
            found.append((self.units["T360100"], self.star))
            taken.add(self.star.id)
        at = self.random.randrange(len(delegations))
        while len(found) < size:
            delegation = delegations[at % len(delegations)]
            at += 1
            person = self._person(competition, delegation, taken)
            taken.add(person.id)
            found.append((delegation, person))
        return found

    def _person(self, competition: Competition, delegation: Unit, taken: set[int]) -> Person:
        random, category = self.random, competition.category
        pool = self._pools.setdefault((delegation.code, category, competition.occupation[:4]), [])
        if pool and random.random() < AGAIN:
            person = random.choice(pool)
            if person.id not in taken:
                return person
        place = self._workplace(competition, delegation)
        year = competition.days.starts_on.year
        women = 0.5 if competition.occupation[0] == "4" else 0.2
        if category == "student":
            person = self.crowd.person(
                (year - 20, year - 17),
                place.id,
                status="student",
                skill_level=random.choice((None, 4, 5)),
                women=women,
            )
        elif category == "teacher":
            person = self.crowd.person(
                (year - 52, year - 27),
                place.id,
                status="teacher",
                skill_level=random.choice((1, 2, 3)),
                women=women,
            )
        else:
            level = random.choice((1, 2, 2, 3, 3, 3, 4, 4, 5))
            person = self.crowd.person((year - 55, year - 21), place.id, skill_level=level, women=women)
        self._talents[person.id] = random.gauss(0, 1)
        pool.append(person)
        return person

    def _workplace(self, competition: Competition, delegation: Unit) -> Workplace:
        places = (
            self._of_city[delegation.code] if delegation.level == "city" else self._of_unit[delegation.code]
        )
        if competition.category != "employee":
            schools = [place for place in places if place.field.code == "school"]
            schools = schools or [p for p in self._of_city[delegation.city] if p.field.code == "school"]
            if schools:
                return self.random.choice(schools)
        wanted = competition.plan["industries"]
        fitting = [place for place in places if place.field.industry in wanted]
        return self.random.choice(fitting or places)

    def _entry(
        self, competition: Competition, delegation: Unit, person: Person, number: str | None
    ) -> Competitor | None:
        random, days = self.random, competition.days
        place = self.workplaces[person.organisation]
        state, standing = "approved", ""
        if days.state == "open" and person is self.star:
            state = "submitted"
        elif days.state == "open":
            state = random.choices(("approved", "submitted", "returned"), (55, 35, 10))[0]
        elif days.state not in ("closed", "drawn") and person is not self.star:
            standing = random.choices(("", "dns", "dnf", "dsq"), (970, 20, 6, 4))[0]
        filed = days.registration_opens_on + timedelta(days=random.randrange(1, 20))
        login = "xuanshou" if person is self.star else "lingdui" if delegation.code == "T360100" else "zuzhi"
        marked = state == "approved" and number is not None and days.state != "drawn"
        piece = self.pieces.add(competition.id, number, standing, 1) if marked else None
        entry = self.pile.add(
            competition.id,
            person.id,
            delegation.id,
            place.id,
            place.name,
            person.name,
            person.skill_level,
            number if state == "approved" else None,
            state,
            RETURNED if state == "returned" else "",
            "" if marked else standing,
            False,
            self.staff.ids[login],
            moment(filed, 1 + random.randrange(9), random.randrange(60)),
            moment(filed + timedelta(days=1), 3) if state != "submitted" else None,
            1,
            piece,
        )
        if state != "approved":
            return None
        return Competitor(
            entry, piece or 0, person, delegation, place, number, standing, self._talents[person.id]
        )
