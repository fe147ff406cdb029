"""The register of the demo: 2,125 studios, at the end of 2017 6 national, 119 provincial, 493 municipal and 1,507
county by their highest tier, and what became of them since."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from studios.tables import Leadership, Naming, Studio
from studios.tiers import height
from web.demo.organisations import Organisations, Places, Unit, Workplace
from web.demo.outputs import Outputs
from web.demo.people import Crowd, Person
from web.demo.rows import Pile
from web.demo.teams import Teams, leader_of

FIRST_YEAR = 2013
COUNTED_ON = date(2017, 12, 31)
AT_END_OF_2017 = {"national": 6, "provincial": 119, "municipal": 493, "county": 1507}
SHOWPIECES = ("copper", "aviation", "ceramics", "steel", "power", "rareearth")
"""What the six national studios of 2017 work at."""
SHOWPIECE_YEARS = ((2013, 2014), (2013, 2014), (2014, 2016), (2015, 2016), (2015, 2017), (2016, 2017))
"""Of each of the six: when the province named it and when the country did."""
GROWTH = ((2013, 18), (2014, 29), (2015, 42), (2016, 53), (2017, 60))
"""First namings by year, as weights."""
PROMOTED = {"provincial": 18, "municipal": 42}
NATIONAL_SINCE = {2019: 2, 2021: 3, 2023: 3}
DELISTED = 4
"""A year, from 2018 on."""
PROVINCE = "T360000"
REASONS = ("所在企业搬迁停产", "复评不合格，限期整改后仍未达标", "领衔人退休，无人接续", "连续两年没有成果")


@dataclass(slots=True)
class Held:
    """A naming on the way to its row."""

    tier: str
    starts_on: date
    unit: Unit
    document: str
    ends_on: date | None = None
    end_reason: str = ""
    end_document: str = ""


@dataclass(slots=True)
class Plan:
    """A studio before it is written down."""

    unit: Unit
    workplace: Workplace
    topic: str
    tier: str = "county"
    named: list[Held] = field(default_factory=list)
    founded_on: date = COUNTED_ON
    closed_on: date | None = None

    @property
    def stands(self) -> str:
        return max((held.tier for held in self.named), key=height)


class Studios:
    """Everything of the register, from the units and organisations there are."""

    def __init__(
        self,
        random: Random,
        *,
        units: list[Unit],
        places: Places,
        organisations: Organisations,
        crowd: Crowd,
        today: date,
    ) -> None:
        self.random, self.today, self.crowd = random, today, crowd
        self.units = {unit.code: unit for unit in units}
        self.studios = Pile(
            Studio,
            (
                "number",
                "name",
                "name_en",
                "organisation",
                "union_unit",
                "region",
                "industry",
                "chain",
                "founded_on",
                "topic",
                "premises",
                "equipment",
                "summary",
                "version",
                "updated_at",
            ),
        )
        self.namings = Pile(
            Naming,
            (
                "studio",
                "tier",
                "starts_on",
                "ends_on",
                "conferred_by",
                "document_number",
                "plaque_number",
                "end_reason",
                "end_document_number",
            ),
        )
        self.leaderships = Pile(Leadership, ("studio", "worker", "since", "until"))
        self.teams = Teams(random, crowd, today)
        self.outputs = Outputs(random, today)
        self._plans = [self._plan(unit, organisations) for unit in self._seats(places)]
        self._rank()
        for plan in self._plans:
            self._name_until_2017(plan)
        self._go_on()
        names: set[str] = set()
        serial: dict[str, int] = {}
        for plan in sorted(self._plans, key=lambda plan: (plan.founded_on, plan.unit.code)):
            serial[plan.unit.code] = serial.get(plan.unit.code, 0) + 1
            self._write(plan, f"{plan.unit.code}-{serial[plan.unit.code]:04d}", names)

    @property
    def piles(self) -> tuple[Pile, ...]:
        return (
            self.studios,
            self.leaderships,
            self.teams.members,
            self.namings,
            self.outputs.pile,
        )

    def _seats(self, places: Places) -> list[Unit]:
        """The unit of every studio: cities and industries by their weight, within a city mostly its counties."""
        direct = [unit for unit in self.units.values() if unit.kind == "direct"][1:5]
        wanted = sum(AT_END_OF_2017.values()) - len(direct)
        tops = {
            code: unit
            for code, unit in self.units.items()
            if (unit.level == "city") and places.weights.get(unit.region or code, places.weights.get(code))
        }
        sizes = {
            code: places.weights.get(code, places.weights.get(unit.city[1:], 0))
            for code, unit in tops.items()
        }
        seats = list(direct)
        for code, count in shared_out(wanted, sizes).items():
            below = [unit for unit in self.units.values() if unit.city == code and unit.level == "county"]
            if not below:
                seats += [tops[code]] * count
                continue
            shares = {
                unit.code: self.random.randrange(70, 150) if unit.kind == "territorial" else 55
                for unit in below
            }
            shares[code] = 90
            for seat, number in shared_out(count, shares).items():
                seats += [self.units[seat]] * number
        return seats

    def _plan(self, unit: Unit, organisations: Organisations) -> Plan:
        workplace = self.random.choice(organisations.by_unit[unit.code])
        return Plan(unit, workplace, self.random.choice(workplace.field.topics))

    def _rank(self) -> None:
        """Decide the tier of each at the end of 2017, exactly as many as `AT_END_OF_2017`."""
        left = list(self._plans)
        self.random.shuffle(left)
        for speciality in SHOWPIECES:
            chosen = next(plan for plan in left if plan.workplace.field.code == speciality)
            chosen.tier = "national"
            left.remove(chosen)
        left.sort(key=lambda plan: plan.unit.kind != "direct")
        spread = [plan for plan in left if plan.unit.kind == "direct"]
        others = left[len(spread) :]
        lucky = AT_END_OF_2017["provincial"] - len(spread)
        for plan in spread + others[:lucky]:
            plan.tier = "provincial"
        rest = others[lucky:]
        above = [plan for plan in rest if plan.unit.level != "county"]
        below = [plan for plan in rest if plan.unit.level == "county"]
        for plan in above + below[: AT_END_OF_2017["municipal"] - len(above)]:
            plan.tier = "municipal"

    def _name_until_2017(self, plan: Plan) -> None:
        random = self.random
        years, weights = zip(*GROWTH, strict=True)
        if plan.tier == "national":
            first, second = SHOWPIECE_YEARS[[p for p in self._plans if p.tier == "national"].index(plan)]
            self._name(plan, "national", second)
            self._name(plan, "provincial", first)
            year = first
        else:
            year = random.choices(years, weights)[0]
            self._name(plan, plan.tier, year)
        for tier in ("municipal", "county"):
            skip = plan.unit.kind == "direct" or (tier == "county" and plan.unit.level != "county")
            if height(tier) < height(plan.tier) and not skip:
                year = max(FIRST_YEAR, year - random.randrange(0, 3))
                self._name(plan, tier, year)
        plan.named.sort(key=lambda held: held.starts_on)
        earliest = plan.named[0].starts_on
        room = (earliest - date(FIRST_YEAR, 1, 6)).days
        plan.founded_on = earliest - timedelta(days=random.randrange(20, max(21, min(room, 400))))

    def _name(self, plan: Plan, tier: str, year: int) -> None:
        """One day a year for each unit that names: counties in spring, cities in summer, the province in autumn."""
        if tier in ("national", "provincial"):
            unit, day = self.units[PROVINCE], date(year, 12, 8) if tier == "national" else date(year, 11, 18)
            number = 40 + year % 7 if tier == "national" else 50 + year % 9
            document = f"{'总工发' if tier == 'national' else '赣工发'}〔{year}〕{number}号"
        else:
            unit = plan.unit if tier == "county" else self.units[plan.unit.city]
            month = 3 + unit.id % 3 if tier == "county" else 7 + unit.id % 3
            day = date(year, month, 3 + unit.id * 7 % 25)
            word = "工字" if tier == "county" else "工发"
            document = f"{unit.short_name}{word}〔{year}〕{5 + unit.id % 37}号"
        plan.named.append(Held(tier, day, unit, document))

    def _go_on(self) -> None:
        """2018 until today: promotions one tier up, and each year a few that lose their plaque."""
        for year in range(COUNTED_ON.year + 1, self.today.year + 1):
            for tier, below, count in (
                ("municipal", "county", PROMOTED["municipal"]),
                ("provincial", "municipal", PROMOTED["provincial"]),
                ("national", "provincial", NATIONAL_SINCE.get(year, 0)),
            ):
                ready = [
                    plan
                    for plan in self._plans
                    if plan.stands == below
                    and plan.closed_on is None
                    and plan.named[-1].starts_on.year <= year - 3
                ]
                for plan in self.random.sample(ready, min(count, len(ready))):
                    self._name(plan, tier, year)
                    if plan.named[-1].starts_on > self.today:
                        plan.named.pop()
            self._delist(year)

    def _delist(self, year: int) -> None:
        day = date(year, 9, 20)
        if day > self.today:
            return
        losing = [plan for plan in self._plans if height(plan.stands) < 3 and plan.closed_on is None]
        for plan in self.random.sample(losing, DELISTED):
            plan.closed_on = day
            reason = self.random.choice(REASONS)
            for held in plan.named:
                held.ends_on, held.end_reason = day, reason
                held.end_document = f"{held.unit.short_name}工字〔{year}〕{30 + held.unit.id % 20}号"

    def _write(self, plan: Plan, number: str, names: set[str]) -> None:
        random, place = self.random, plan.workplace
        leaders = self._leaders(plan, names)
        leader = leaders[-1][0]
        scale = height(plan.stands)
        studio = self.studios.add(
            number,
            f"{leader.name}劳模创新工作室",
            f"{leader.name} Model-Worker Innovation Studio",
            place.id,
            plan.unit.id,
            place.region,
            place.field.industry,
            place.field.chain,
            plan.founded_on,
            plan.topic,
            random.randrange(40, 90) * (1 + scale),
            random.randrange(8, 60) * 1_000_000 * scale,
            f"设在{place.name}，围绕“{plan.topic}”攻关、带徒、推广，成果先在本单位试用，再向同行推开。",
            1,
            datetime.combine(min(self.today, date(self.today.year, 1, 20)), time(2), UTC),
        )
        for person, since, until in leaders:
            self.leaderships.add(studio, person.id, since, until)
        for order, held in enumerate(plan.named, 1):
            plaque = f"{held.tier[:1].upper()}{held.starts_on.year}-{studio:04d}-{order}"
            self.namings.add(
                studio,
                held.tier,
                held.starts_on,
                held.ends_on,
                held.unit.id,
                held.document,
                plaque,
                held.end_reason,
                held.end_document,
            )
        self.teams.enter(studio, plan.stands, plan.founded_on, plan.closed_on, place)
        steps = [(held.starts_on.year, height(held.tier)) for held in plan.named]
        last = plan.closed_on.year - 1 if plan.closed_on else self.today.year - 1
        self.outputs.enter(
            studio,
            industry=place.field.industry,
            topic=plan.topic,
            steps=steps,
            last=last,
            unit=plan.unit.short_name,
        )

    def _leaders(self, plan: Plan, names: set[str]) -> list[tuple[Person, date, date | None]]:
        """Who led it; one in twelve has changed hands since 2018. No two studios bear the same name."""
        found: list[tuple[Person, date, date | None]] = []
        changed = None
        if plan.closed_on is None and self.random.random() < 1 / 12:
            changed = date(self.random.randrange(2018, self.today.year), self.random.randrange(1, 13), 15)
            found.append((leader_of(self.crowd, plan.workplace, plan.tier, names), plan.founded_on, changed))
        heir = leader_of(self.crowd, plan.workplace, plan.stands, names)
        found.append((heir, changed or plan.founded_on, None))
        return found


def shared_out(total: int, weights: dict[str, int]) -> dict[str, int]:
    """Whole shares that add up to the total, by largest remainder."""
    whole = sum(weights.values())
    shares = {code: total * weight // whole for code, weight in weights.items()}
    rest = sorted(weights, key=lambda code: (-(total * weights[code] % whole), code))
    for code in rest[: total - sum(shares.values())]:
        shares[code] += 1
    return shares
