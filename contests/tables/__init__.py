"""What the contests remember, by subject. No logic. Indexes over several columns: see `federation.tables`."""

from contests.tables import awards, coding, entries, marking, notices, programme, publications
from contests.tables.awards import (
    ArchiveItem,
    AwardTitle,
    Certificate,
    CertificateBatch,
    CertificateCounter,
    CertificateSettings,
    TitleRules,
    TitleStep,
)
from contests.tables.coding import CheckIn, CodingLayer, Witness
from contests.tables.entries import Entry, ImportDraft
from contests.tables.marking import Dispute, Mark, PanelSeat, Piece, Trial
from contests.tables.notices import Announcement, NoticeRule, Objection
from contests.tables.programme import Contest, Event, EventCategory, Quota, Scheme, Series, Step
from contests.tables.publications import Publication

SUBJECTS = (programme, marking, entries, publications, coding, awards, notices)
INDEXES = tuple(index for subject in SUBJECTS for index in subject.INDEXES)

__all__ = [
    "INDEXES",
    "Announcement",
    "ArchiveItem",
    "AwardTitle",
    "Certificate",
    "CertificateBatch",
    "CertificateCounter",
    "CertificateSettings",
    "CheckIn",
    "CodingLayer",
    "Contest",
    "Dispute",
    "Entry",
    "Event",
    "EventCategory",
    "ImportDraft",
    "Mark",
    "NoticeRule",
    "Objection",
    "PanelSeat",
    "Piece",
    "Publication",
    "Quota",
    "Scheme",
    "Series",
    "Step",
    "TitleRules",
    "TitleStep",
    "Trial",
    "Witness",
]
