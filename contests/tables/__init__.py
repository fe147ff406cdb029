"""What the contests remember, by subject. No logic. Indexes over several columns: see `federation.tables`."""

from contests.tables import entries, marking, paper, programme, publications
from contests.tables.entries import Entry, ImportDraft
from contests.tables.marking import Dispute, Mark, PanelSeat, Piece, Trial
from contests.tables.paper import (
    MarksLock,
    PaperEntry,
    PaperRule,
    ScoreSheet,
    SheetPrint,
    SheetRow,
    SheetSignature,
    SignOff,
)
from contests.tables.programme import Contest, Event, EventCategory, Quota, Scheme, Series, Step
from contests.tables.publications import Publication

SUBJECTS = (programme, marking, entries, publications, paper)
INDEXES = tuple(index for subject in SUBJECTS for index in subject.INDEXES)

__all__ = [
    "INDEXES",
    "Contest",
    "Dispute",
    "Entry",
    "Event",
    "EventCategory",
    "ImportDraft",
    "Mark",
    "MarksLock",
    "PanelSeat",
    "PaperEntry",
    "PaperRule",
    "Piece",
    "Publication",
    "Quota",
    "Scheme",
    "ScoreSheet",
    "Series",
    "SheetPrint",
    "SheetRow",
    "SheetSignature",
    "SignOff",
    "Step",
    "Trial",
]
