"""Invented enterprises, schools and offices of every county, industry and direct unit."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from federation.organisations import CREDIT_ALPHABET, credit_check_digit
from federation.tables import Organisation
from web.demo.rows import Pile, read

OWNERSHIPS = ("国有", "民营", "民营", "股份制", "集体", "外资")
PUBLIC = frozenset("PQS")
OF_A_COUNTY = 11
OF_A_ZONE = 10
OF_A_CITY = 8
OF_AN_INDUSTRY = 22


@dataclass(frozen=True, slots=True)
class Field:
    """A line of work: what its organisations are called and what their studios take on."""

    code: str
    weight: int
    industry: str
    chain: str | None
    forms: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A union unit as the tables hold it. `city` is the code of the city's unit, of itself for cities."""

    id: int
    code: str
    short_name: str
    name_en: str
    kind: str
    level: str
    region: str | None
    city: str
    path: str


@dataclass(frozen=True, slots=True)
class Workplace:
    """An organisation of the demo, by the id of its row."""

    id: int
    name: str
    field: Field
    unit: Unit
    region: str | None


def fields() -> dict[str, Field]:
    return {
        row["code"]: Field(
            row["code"],
            int(row["weight"]),
            row["industry"],
            row["chain"] or None,
            tuple(zip(row["forms"].split("|"), row["forms_en"].split("|"), strict=True)),
            tuple(row["topics"].split("|")),
        )
        for row in read("fields.csv")
    }


class Places:
    """What is worked at where: the specialities of cities, counties and industries beside the common lines."""

    def __init__(self) -> None:
        self.fields = fields()
        self._of: dict[str, dict[str, int]] = {}
        self.weights: dict[str, int] = {}
        for row in read("places.csv"):
            self.weights[row["place"]] = int(row["weight"])
            self._of[row["place"]] = {
                code: int(weight) for code, weight in (pair.split(":") for pair in row["fields"].split("|"))
            }

    def fields_of(self, unit: Unit) -> tuple[list[Field], list[int]]:
        if unit.kind == "industrial":
            chosen = dict(self._of[unit.code])
        elif unit.kind == "direct":
            chosen = {"office": 1}
        else:
            chosen = {code: field.weight for code, field in self.fields.items() if field.weight}
            city = unit.city[1:]
            for code, weight in (
                pair
                for place in dict.fromkeys((city, unit.region, unit.code))
                for pair in self._of.get(place or "", {}).items()
            ):
                chosen[code] = chosen.get(code, 0) + weight
        return [self.fields[code] for code in chosen], list(chosen.values())


class Organisations:
    """Makes organisations, one row each, unique by name."""

    def __init__(self, random: Random, places: Places) -> None:
        self.random = random
        self._places = places
        self._brands = [(row["name"], row["name_en"]) for row in read("brands.csv")]
        self._names: set[str] = set()
        self.by_unit: dict[str, list[Workplace]] = {}
        self.pile = Pile(
            Organisation,
            ("name", "name_en", "credit_code", "union_unit", "region", "industry", "ownership"),
        )

    def settle(self, units: list[Unit]) -> None:
        """Organisations for every unit; a school and a hospital at least in every city."""
        cities = [unit for unit in units if unit.level == "city" and unit.kind == "territorial"]
        for unit in units:
            if unit.level == "province":
                continue
            if unit.kind == "direct":
                self._enter(unit, self._places.fields["office"], unit.short_name, unit.name_en, unit.region)
                continue
            choices, weights = self._places.fields_of(unit)
            if unit.kind == "industrial":
                wanted = self.random.choices(choices, weights, k=OF_AN_INDUSTRY)
            elif unit.level == "city":
                schooling = [self._places.fields["school"]] * 3 + [self._places.fields["hospital"]]
                wanted = schooling + self.random.choices(choices, weights, k=OF_A_CITY)
            else:
                size = OF_A_ZONE if unit.kind == "zone" else OF_A_COUNTY
                wanted = self.random.choices(choices, weights, k=size)
            for field in wanted:
                seat = self.random.choice(cities) if unit.kind == "industrial" else unit
                self._name_and_enter(unit, field, seat)

    def _name_and_enter(self, unit: Unit, field: Field, seat: Unit) -> None:
        """`seat` gives the place name: the unit itself, or a city for an industry."""
        place = seat.short_name
        place_en = seat.name_en
        for ending in (" Federation of Trade Unions", " Union", " Union Federation", " District", " County"):
            place_en = place_en.removesuffix(ending)
        while True:
            form, form_en = self.random.choice(field.forms)
            public = field.industry in PUBLIC or form.endswith(
                ("站", "厂", "中心", "公司", "所", "局", "馆", "段", "队", "院")
            )
            if public and not form.endswith("有限公司") and self.random.random() < 0.7:
                brand, brand_en = self.random.choice(_ORDINALS)
                name, name_en = f"{place}{brand}{form}", f"{place_en} {brand_en}{form_en}"
            else:
                brand, brand_en = self.random.choice(self._brands)
                name, name_en = f"{place}{brand}{form}", f"{place_en} {brand_en} {form_en}"
            if name not in self._names:
                break
        self._enter(unit, field, name, name_en, seat.region)

    def _enter(self, unit: Unit, field: Field, name: str, name_en: str, region: str | None) -> None:
        self._names.add(name)
        ownership = "国有" if field.industry in "DPQS" else self.random.choice(OWNERSHIPS)
        number = self.pile.add(name, name_en, self._credit_code(), unit.id, region, field.industry, ownership)
        place = Workplace(number, name, field, unit, region)
        self.by_unit.setdefault(unit.code, []).append(place)

    def _credit_code(self) -> str:
        serial = len(self.pile.rows) + 1
        body = f"91369900MA{serial:07d}"
        assert all(character in CREDIT_ALPHABET for character in body)
        return body + credit_check_digit(body + "0")


_ORDINALS = (
    ("", ""),
    ("市属", "Municipal "),
    ("第一", "First "),
    ("第二", "Second "),
    ("第三", "Third "),
    ("城东", "East "),
    ("城西", "West "),
    ("新城", "New Town "),
)
