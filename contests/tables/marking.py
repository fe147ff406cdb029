"""What is marked, append-only, and what is tried on it. No logic."""

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from contests.tables.programme import EventCategory
from federation.database import Index
from federation.tables import Account, UnionUnit

RESTRICT = OnDelete.restrict


class Piece(Table):
    """What is marked: the work of one entry, known by a number and nothing else.

    In an open event the number is the entry's own; in a coded one it is what the last layer of coding gave, and
    `Entry.piece` stays empty until the codes are opened. `standing` is empty or dns, dnf, dsq.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    number = Varchar(length=20)
    standing = Varchar(length=5)
    version = Integer(default=1)


class Mark(Table):
    """One version of one mark. Append-only: a correction is the next version; `is_current` names the newest.

    `value` is in 1/10,000; exactly one of `value` and `blank` is set. `judge` is the seat ("" where the
    aspect has one mark), `stage` "" in an event of one stage.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    stage = Varchar(length=40)
    aspect = Varchar(length=60)
    judge = Varchar(length=20)
    attempt = SmallInt(default=1)
    version = Integer(default=1)
    value = BigInt(null=True, default=None)
    blank = Varchar(length=10, null=True, default=None)
    is_current = Boolean(default=True)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    reason = Text()
    at = Timestamptz()
    piece = ForeignKey(Piece, null=True, on_delete=RESTRICT, index=True)


class PanelSeat(Table, tablename="panel_seat"):
    """Which union unit the judge in a seat comes from, so that marks of the own unit can be looked at. No name."""

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    judge = Varchar(length=20)
    delegation = ForeignKey(UnionUnit, null=True, on_delete=RESTRICT, index=True)


class Dispute(Table, tablename="mark_dispute"):
    """A value that met a newer one it had not seen. Kept until a clerk chooses; nobody's value is lost."""

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    stage = Varchar(length=40)
    aspect = Varchar(length=60)
    judge = Varchar(length=20)
    attempt = SmallInt(default=1)
    value = BigInt(null=True, default=None)
    blank = Varchar(length=10, null=True, default=None)
    seen_version = Integer()
    met_version = Integer()
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()
    settled_at = Timestamptz(null=True, default=None)
    settled_by = Varchar(length=60)
    settlement = Varchar(length=12)
    piece = ForeignKey(Piece, null=True, on_delete=RESTRICT, index=True)


class Trial(Table, tablename="score_trial"):
    """A set of changes that is tried on the marks as they stand and then applied or discarded as a whole.

    `changes` is the document of `contests.trials.sets`; while the trial is open nothing of it is in force. `moves` of
    an applied one: JSON, entry → [[total before, total after], [place before, place after]] of those it moved.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    title = Varchar(length=120)
    changes = Text()
    moves = Text()
    state = Varchar(length=12, default="open")
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()
    decided_by = Varchar(length=60)
    decided_at = Timestamptz(null=True, default=None)
    reason = Text()
    version = Integer(default=1)


INDEXES = (
    Index("piece_number_once", "piece", ("event_category", "number"), unique=True),
    Index(
        "mark_version_once",
        "mark",
        ("piece", "stage", "aspect", "judge", "attempt", "version"),
        unique=True,
    ),
    Index(
        "mark_current_once",
        "mark",
        ("piece", "stage", "aspect", "judge", "attempt"),
        unique=True,
        where="is_current",
    ),
    Index("panel_seat_once", "panel_seat", ("event_category", "judge"), unique=True),
    Index("mark_of_board", "mark", ("event_category", "is_current")),
)
