"""What the contests remember, by subject. No logic. Indexes over several columns: see `federation.tables`."""

from contests.tables import (
    appeals,
    awards,
    coding,
    entries,
    marking,
    notices,
    paper,
    programme,
    publications,
    rechecks,
    seats,
)
from contests.tables.appeals import Appeal, AppealMember, AppealMoment, AppealRule, AppealStep
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
from contests.tables.rechecks import Recheck, RecheckFault, RecheckRule, RecheckSheet
from contests.tables.seats import JudgeSeat, OwnUnit, Recusal, SeatRule, SeatSession, Spread, Submission

SUBJECTS = (
    programme,
    marking,
    entries,
    publications,
    coding,
    awards,
    notices,
    seats,
    paper,
    rechecks,
    appeals,
)
INDEXES = tuple(index for subject in SUBJECTS for index in subject.INDEXES)

__all__ = [
    "INDEXES",
    "Announcement",
    "Appeal",
    "AppealMember",
    "AppealMoment",
    "AppealRule",
    "AppealStep",
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
    "JudgeSeat",
    "Mark",
    "MarksLock",
    "NoticeRule",
    "Objection",
    "OwnUnit",
    "PanelSeat",
    "PaperEntry",
    "PaperRule",
    "Piece",
    "Publication",
    "Quota",
    "Recheck",
    "RecheckFault",
    "RecheckRule",
    "RecheckSheet",
    "Recusal",
    "Scheme",
    "ScoreSheet",
    "SeatRule",
    "SeatSession",
    "Series",
    "SheetPrint",
    "SheetRow",
    "SheetSignature",
    "SignOff",
    "Spread",
    "Step",
    "Submission",
    "TitleRules",
    "TitleStep",
    "Trial",
    "Witness",
]
