"""An entry file to a frame for the judging core, entry n in row n."""

from __future__ import annotations

import polars as pl

from web.mark_files import cells
from web.mark_files.dictionary import Dictionary
from web.mark_files.faults import Blame, saying

_TEXTS = ("category", "delegation", "region", "industry", "team")


def entries_of(frame: pl.DataFrame, dictionary: Dictionary, blame: Blame) -> pl.DataFrame:
    """`dictionary` gets one number per entry, in the order of the file."""
    text = frame["entry"]
    blame.rows(text == "", "entry", None, saying("rank.entry_missing"))
    number = dictionary.numbers(text)
    twice = ~number.is_first_distinct() & (text != "")
    blame.rows(twice, "entry", text, saying("rank.entry_twice"))
    columns = {"entry": number.cast(pl.Int64)}
    for name in _TEXTS:
        if name in frame.columns:
            columns[name] = frame[name].set(frame[name] == "", None)
    if "status" in frame.columns:
        columns["status"], wrong = cells.words_to(frame["status"], cells.STATUS_WORDS)
        known = ["DNS", "DNF", "DSQ", "withdrawn"]
        blame.rows(wrong, "status", frame["status"], saying("rank.status_unknown", known=known))
    if "guest" in frame.columns:
        said = frame["guest"].str.to_lowercase()
        blame.rows(
            ~said.is_in((*cells.YES, *cells.NO)), "guest", frame["guest"], saying("rank.not_yes_or_no")
        )
        columns["guest"] = said.is_in(cells.YES)
    for name in ("lot", "ruling"):
        if name in frame.columns:
            columns[name], wrong = cells.whole(frame[name])
            blame.rows(wrong, name, frame[name], saying("rank.not_whole"))
    return pl.DataFrame(columns)
