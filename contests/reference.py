"""The contests' own reference file: the series."""

from federation import reference
from contests.tables import Series


async def _series() -> None:
    await reference.put(Series, "code", list(reference.rows("series.csv")))


reference.LOADERS["series.csv"] = _series
