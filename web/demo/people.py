"""Invented people. Their numbers are well formed and belong to nobody.

Identity numbers begin with the division code 369900, which was never given out, and phones with 154, which no
operator uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from federation import privacy
from federation.tables import Honour, Worker
from federation.workers import CHECK_DIGITS, WEIGHTS
from web.demo.rows import Pile, read

NOWHERE = "369900"
EDUCATIONS = ("初中", "高中", "中专", "大专", "本科", "硕士")
TITLES = {1: "高级技师", 2: "技师", 3: "高级工", 4: "中级工", 5: "初级工"}


@dataclass(frozen=True, slots=True)
class Person:
    """One worker of the demo, by the id of their row."""

    id: int
    name: str
    skill_level: int | None
    organisation: int
    status: str


class Crowd:
    """Makes people, one row of `worker` each, and the honours they hold."""

    def __init__(self, random: Random) -> None:
        self.random = random
        surnames = list(read("surnames.csv"))
        self._surnames = [row["surname"] for row in surnames]
        self._weights = [int(row["weight"]) for row in surnames]
        given = list(read("given.csv"))
        self._given = {sex: [row["given"] for row in given if row["sex"] == sex] for sex in "mf"}
        self._numbers: set[str] = set()
        self._phone = 0
        self.workers = Pile(
            Worker,
            (
                "name",
                "sex",
                "birth_date",
                "identity_kind",
                "identity_cipher",
                "identity_hash",
                "phone_cipher",
                "phone_hash",
                "status",
                "organisation",
                "skill_level",
                "certificate_number",
                "education",
                "title",
            ),
        )
        self.honours = Pile(Honour, ("worker", "kind", "year", "document_number"))

    def name(self, sex: str) -> str:
        return self.random.choices(self._surnames, self._weights)[0] + self.random.choice(self._given[sex])

    def person(
        self,
        born: tuple[int, int],
        organisation: int,
        *,
        status: str = "employee",
        skill_level: int | None = None,
        name: str = "",
        sex: str = "",
        women: float = 0.3,
    ) -> Person:
        """A new person born in one of these years.

        `women` is the share of women in the trade, for whom `sex` is not given.
        """
        random = self.random
        sex = sex or ("f" if random.random() < women else "m")
        name = name or self.name(sex)
        first = date(born[0], 1, 1)
        birth = first + timedelta(days=random.randrange((date(born[1], 12, 31) - first).days + 1))
        number, phone = self._identity_number(birth, sex), self._phone_number()
        certificate = ""
        if skill_level is not None and random.random() < 0.8:
            year = random.randrange(15, 24)
            certificate = (
                f"Y000036{random.randrange(10**6):06d}{year:02d}{skill_level}{random.randrange(10**6):06d}"
            )
        education = EDUCATIONS[min(5, max(1, round(random.gauss(3, 0.9))))] if status != "student" else "中专"
        title = TITLES[skill_level] if skill_level else ("讲师" if status == "teacher" else "")
        row = self.workers.add(
            name,
            sex,
            birth,
            "resident",
            privacy.encrypt(number, purpose="identity"),
            privacy.lookup_hash(number),
            privacy.encrypt(phone, purpose="phone"),
            privacy.lookup_hash(phone),
            status,
            organisation,
            skill_level,
            certificate,
            education,
            title,
        )
        return Person(row, name, skill_level, organisation, status)

    def honour(self, worker: int, kind: str, year: int) -> None:
        self.honours.add(worker, kind, year, "")

    def _identity_number(self, birth: date, sex: str) -> str:
        while True:
            serial = self.random.randrange(500) * 2 + (sex == "m")
            body = f"{NOWHERE}{birth:%Y%m%d}{serial:03d}"
            if body not in self._numbers:
                self._numbers.add(body)
                return body + CHECK_DIGITS[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]

    def _phone_number(self) -> str:
        self._phone += 1
        return f"154{self._phone * 7919 % 10**8:08d}"
