"""The people of the demo's studios: leads with the honours of their tier, and members."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from studios.tables import Member
from web.demo.organisations import Workplace
from web.demo.people import TITLES, Crowd, Person
from web.demo.rows import Pile

HONOURS = {
    "national": ("national-model-worker", "national-may1-medal", "great-nation-craftsman"),
    "provincial": ("provincial-model-worker", "provincial-may1-medal", "ganpo-craftsman"),
    "municipal": ("city-model-worker", "city-may1-medal", "city-craftsman"),
    "county": ("county-model-worker", "county-may1-medal", "county-craftsman"),
}
TIERS = tuple(HONOURS)
SIZES = {"national": (10, 15), "provincial": (7, 13), "municipal": (4, 10), "county": (3, 8)}
TASKS = (
    "课题攻关",
    "设备改造",
    "工艺试验",
    "带徒教学",
    "资料整理",
    "数据采集",
    "加工制作",
    "现场调试",
    "宣传推广",
)
WOMEN = {"P": 0.55, "Q": 0.75, "R": 0.5, "J": 0.5, "H": 0.5, "F": 0.5, "O": 0.45}


def leader_of(crowd: Crowd, place: Workplace, tier: str, names: set[str]) -> Person:
    """A lead whose name no other studio bears, with an honour of the tier and often one of the tier below."""
    random = crowd.random
    women = WOMEN.get(place.field.industry, 0.16)
    level = random.choice((1, 1, 2, 2, 3) if tier == "county" else (1, 1, 1, 2))
    sex = "f" if random.random() < women else "m"
    while (name := crowd.name(sex)) in names:
        pass
    names.add(name)
    person = crowd.person((1964, 1988), place.id, skill_level=level, name=name, sex=sex)
    year = random.randrange(2005, 2016)
    crowd.honour(person.id, random.choice(HONOURS[tier]), year + 4)
    if tier != "county" and random.random() < 0.8:
        below = TIERS[TIERS.index(tier) + 1]
        crowd.honour(person.id, random.choice(HONOURS[below]), year)
    if tier in ("national", "provincial") and random.random() < 0.3:
        crowd.honour(person.id, "provincial-technical-expert", year + 2)
    return person


class Teams:
    """Members of studios, one row of `studio_member` each."""

    def __init__(self, random: Random, crowd: Crowd, today: date) -> None:
        self.random, self.crowd, self.today = random, crowd, today
        self.members = Pile(
            Member,
            ("studio", "worker", "name", "title", "skill_level", "task", "joined_on", "left_on"),
        )

    def enter(
        self, studio: int, tier: str, founded_on: date, closed_on: date | None, place: Workplace
    ) -> None:
        random = self.random
        women = WOMEN.get(place.field.industry, 0.16)
        span = ((closed_on or self.today) - founded_on).days
        for number in range(random.randint(*SIZES[tier])):
            name = self.crowd.name("f" if random.random() < women else "m")
            level = random.choice((1, 2, 2, 3, 3, 3, 4, 4))
            skilled = random.random() < 0.75
            title = TITLES[level] if skilled else random.choice(("工程师", "助理工程师", "高级工程师"))
            joined = (
                founded_on if number < 3 else founded_on + timedelta(days=random.randrange(span * 3 // 4))
            )
            left = None
            if number >= 3 and random.random() < 0.08:
                left = joined + timedelta(days=random.randrange(30, max(31, (self.today - joined).days)))
                left = min(left, self.today)
            self.members.add(
                studio, None, name, title, level if skilled else None, random.choice(TASKS), joined, left
            )
