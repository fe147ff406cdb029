"""The register's own reference file: what is counted of a studio's outputs."""

from federation import reference
from studios.tables import OutputMeasure


async def _measures() -> None:
    await reference.put(
        OutputMeasure,
        "code",
        [
            {
                "code": f"{row['code']}.{row['measure_code']}",
                "category": row["code"],
                "category_name": row["name"],
                "category_name_en": row["name_en"],
                "measure": row["measure_code"],
                "measure_name": row["measure_name"],
                "measure_name_en": row["measure_name_en"],
                "unit": row["unit"],
                "unit_en": row["unit_en"],
                "decimals": int(row["decimals"]),
                "sort": int(row["sort"]),
            }
            for row in reference.rows("output_categories.csv")
        ],
    )


reference.LOADERS["output_categories.csv"] = _measures
