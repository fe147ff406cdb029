"""Names of entries to numbers from 0, in the order in which they are met."""

from __future__ import annotations

import polars as pl


class Dictionary:
    """Polars drops its table of categories with the last column that uses it: the anchor keeps it."""

    def __init__(self) -> None:
        self.dtype = pl.Categorical(pl.Categories.random())
        self.anchor = pl.Series([], dtype=self.dtype)

    def numbers(self, names: pl.Series) -> pl.Series:
        """One number per name, null for null."""
        return names.cast(self.dtype).to_physical()

    def names(self, count: int) -> pl.Series:
        """The first `count` names that were met."""
        return pl.int_range(count, dtype=pl.UInt32, eager=True).cat.to(self.dtype).cast(pl.String)
