"""The contests' own reference file: the series."""

from contests.tables import Series
from federation import reference


async def _series() -> None:
    await reference.put(Series, "code", list(reference.rows("series.csv")))


reference.LOADERS["series.csv"] = _series
