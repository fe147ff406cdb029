"""The files under data/ before anything is loaded: complete, unambiguous, each reference resolvable."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"

COLUMNS_AND_ROWS = [
    ("regions", "code name name_en short_name level parent_code kind", 112),
    ("unions", "code name name_en short_name kind level parent_code region_code", 153),
    ("occupations", "code name name_en edition middle_code middle_name", 126),
    ("trades", "occupation_code code name name_en", 92),
    ("occupation_aliases", "alias occupation_code note", 40),
    ("industries", "code name name_en standard", 20),
    ("chains", "code name name_en sort", 12),
    ("honours", "code name name_en kind rank conferred_by", 32),
    (
        "output_categories",
        "code name name_en measure_code measure_name measure_name_en unit unit_en decimals sort",
        20,
    ),
    ("series", "code name name_en host", 5),
    ("workdays", "date kind name", 108),
]

KEYS = [
    ("regions", ("code",)),
    ("regions", ("name",)),
    ("regions", ("short_name",)),
    ("regions", ("name_en", "level", "parent_code")),
    ("unions", ("code",)),
    ("unions", ("name",)),
    ("unions", ("short_name",)),
    ("unions", ("name_en", "parent_code")),
    ("occupations", ("code",)),
    ("occupations", ("name",)),
    ("occupations", ("name_en",)),
    ("trades", ("code",)),
    ("trades", ("occupation_code", "name")),
    ("occupation_aliases", ("alias",)),
    ("industries", ("code",)),
    ("chains", ("code",)),
    ("honours", ("code",)),
    ("honours", ("name",)),
    ("output_categories", ("code", "measure_code")),
    ("output_categories", ("sort",)),
    ("series", ("code",)),
    ("workdays", ("date",)),
]

MAY_BE_EMPTY = {("regions", "parent_code"), ("unions", "parent_code"), ("unions", "region_code")}

CHECKED_OCCUPATIONS = {
    "6-18-01-01": "车工",
    "6-18-02-04": "焊工",
    "6-31-01-03": "电工",
    "6-20-01-01": "装配钳工",
    "6-31-07-03": "工业机器人系统操作员",
    "4-03-02-07": "茶艺师",
    "6-02-06-11": "评茶师",
    "6-15-05-04": "陶瓷装饰工",
    "6-17-07-04": "稀土冶炼工",
    "6-17-07-07": "锂冶炼工",
    "6-11-09-05": "烟花爆竹工",
    "4-10-08-01": "网约配送员",
    "6-31-06-00": "安全员",
    "4-10-01-01": "婴幼儿发展引导员",
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("name", "columns", "count"), COLUMNS_AND_ROWS)
def test_columns_and_row_counts_are_those_of_the_readme(name: str, columns: str, count: int) -> None:
    found = rows(name)
    assert (list(found[0]), len(found)) == (columns.split(), count)
    assert f"| `{name}.csv` | {count} |" in (DATA / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "key"), KEYS)
def test_nothing_is_listed_twice(name: str, key: tuple[str, ...]) -> None:
    counted = Counter(tuple(row[column] for column in key) for row in rows(name))
    assert [value for value, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("name", [name for name, _, _ in COLUMNS_AND_ROWS])
def test_no_cell_is_blank_unless_it_may_be_and_none_has_stray_spaces(name: str) -> None:
    assert [
        (line, column, value)
        for line, row in enumerate(rows(name), start=2)
        for column, value in row.items()
        if value != value.strip() or (not value and (name, column) not in MAY_BE_EMPTY)
    ] == []


def test_english_names_hold_no_chinese() -> None:
    assert [
        (name, row["name"])
        for name, columns, _ in COLUMNS_AND_ROWS
        for row in rows(name)
        for column in columns.split()
        if column.endswith("_en") and any("\u4e00" <= letter <= "\u9fff" for letter in row[column])
    ] == []


def test_jiangxi_has_eleven_cities_and_a_hundred_counties() -> None:
    assert Counter((row["level"], row["kind"]) for row in rows("regions")) == {
        ("province", "省"): 1,
        ("city", "设区市"): 11,
        ("county", "区"): 27,
        ("county", "市"): 12,
        ("county", "县"): 61,
    }


def test_every_region_lies_in_the_one_its_code_says() -> None:
    def expected(code: str, level: str) -> str:
        return {"province": "", "city": code[:2] + "0000", "county": code[:4] + "00"}[level]

    regions = rows("regions")
    assert [row["parent_code"] for row in regions] == [expected(row["code"], row["level"]) for row in regions]
    assert {row["parent_code"] for row in regions} - {""} <= {row["code"] for row in regions}


def test_each_region_has_exactly_one_territorial_federation() -> None:
    regions = [(row["code"], row["level"], row["name"] + "总工会") for row in rows("regions")]
    territorial = [row for row in rows("unions") if row["kind"] == "territorial"]
    assert [(row["region_code"], row["level"], row["name"]) for row in territorial] == regions
    assert [row["code"] for row in territorial] == ["T" + code for code, _, _ in regions]


def test_union_lines() -> None:
    assert Counter((row["kind"], row["level"]) for row in rows("unions")) == {
        ("territorial", "province"): 1,
        ("territorial", "city"): 11,
        ("territorial", "county"): 100,
        ("zone", "city"): 1,
        ("zone", "county"): 16,
        ("industrial", "city"): 18,
        ("direct", "base"): 6,
    }


def test_every_union_stands_below_one_listed_before_it() -> None:
    seen = {""}
    for row in rows("unions"):
        assert row["parent_code"] in seen, row
        seen.add(row["code"])
    assert [row["code"] for row in rows("unions") if not row["parent_code"]] == ["T360000"]


def test_every_region_of_a_union_exists() -> None:
    assert {row["region_code"] for row in rows("unions")} - {""} <= {row["code"] for row in rows("regions")}


def test_occupations_bear_the_codes_of_2022() -> None:
    occupations = rows("occupations")
    assert len(occupations) >= 110
    assert {row["edition"] for row in occupations} == {"2022"}
    assert {
        row["code"]: row["name"] for row in occupations if row["code"] in CHECKED_OCCUPATIONS
    } == CHECKED_OCCUPATIONS
    assert [row["middle_code"] for row in occupations] == [row["code"][:4] for row in occupations]
    assert len({(row["middle_code"], row["middle_name"]) for row in occupations}) == len(
        {row["middle_code"] for row in occupations}
    )


@pytest.mark.parametrize("name", ["trades", "occupation_aliases"])
def test_trades_and_aliases_point_to_an_occupation(name: str) -> None:
    assert {row["occupation_code"] for row in rows(name)} <= {row["code"] for row in rows("occupations")}


def test_an_alias_that_is_also_a_trade_means_the_same_occupation() -> None:
    trades = {row["name"]: row["occupation_code"] for row in rows("trades")}
    aliases = {row["alias"]: row["occupation_code"] for row in rows("occupation_aliases")}
    assert {name: code for name, code in aliases.items() if trades.get(name, code) != code} == {}
    assert aliases.keys() & {row["name"] for row in rows("occupations")} == set()


def test_an_output_category_has_one_name() -> None:
    categories = {(row["code"], row["name"], row["name_en"]) for row in rows("output_categories")}
    assert len(categories) == len({code for code, _, _ in categories}) == 14
    assert [row["unit"] for row in rows("output_categories") if row["decimals"] != "0"] == ["万元"]


def test_holidays_are_as_many_as_the_notices_say_and_make_up_days_fall_on_weekends() -> None:
    days = rows("workdays")
    assert [row["date"] for row in days] == sorted(row["date"] for row in days)
    makeup = [date.fromisoformat(row["date"]) for row in days if row["kind"] == "makeup"]
    assert [day for day in makeup if day.weekday() < 5] == []
    assert Counter((row["date"][:4], row["kind"]) for row in days) == {
        ("2024", "holiday"): 1 + 8 + 3 + 5 + 1 + 3 + 7,
        ("2024", "makeup"): 8,
        ("2025", "holiday"): 1 + 8 + 3 + 5 + 3 + 8,
        ("2025", "makeup"): 5,
        ("2026", "holiday"): 3 + 9 + 3 + 5 + 3 + 3 + 7,
        ("2026", "makeup"): 6,
    }
