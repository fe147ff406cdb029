"""The reference files in the tables: complete, and loaded again only when a file changed."""

from __future__ import annotations

from federation import reference
from federation.tables import Occupation, ReferenceEdition, Region, UnionUnit


async def test_the_province_is_whole(db):
    levels = {
        level: await Region.count().where(Region.level == level) for level in ("province", "city", "county")
    }
    assert levels == {"province": 1, "city": 11, "county": 100}


async def test_every_territorial_union_below_the_province_has_its_division(db):
    assert await UnionUnit.count().where((UnionUnit.kind == "territorial") & UnionUnit.region.is_null()) == 0


async def test_a_path_is_the_chain_of_codes_from_the_root(db):
    donghu = await UnionUnit.select(UnionUnit.path).where(UnionUnit.code == "T360102").first()
    assert donghu == {"path": "T360000/T360100/T360102/"}


async def test_a_second_load_changes_nothing(db):
    assert await reference.load() == []


async def test_a_file_of_another_edition_is_loaded_again_over_what_is_there(db):
    await ReferenceEdition.update({ReferenceEdition.digest: "old"}).where(
        ReferenceEdition.file == "occupations.csv"
    )
    await Occupation.update({Occupation.name: "旧名"}).where(Occupation.code == "6-18-02-04")
    assert await reference.load() == ["occupations.csv"]
    assert (await Occupation.select(Occupation.name).where(Occupation.code == "6-18-02-04").first()) == {
        "name": "焊工"
    }
