"""Who competes, and the files their registrations came in. No logic."""

from piccolo.columns import Boolean, Bytea, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from contests.tables.marking import Piece
from contests.tables.programme import Contest, EventCategory
from federation.database import Index
from federation.tables import Account, Organisation, UnionUnit, Worker

RESTRICT = OnDelete.restrict


class Entry(Table):
    """A person's registration for an event category and, once approved, their place in the contest.

    `name` and `organisation_name` are as they stood at registration. `piece` is the work that is
    marked; empty before the draw and, in a coded event, until the codes are opened. `standing` is what is known of
    the person before there is a piece: dns where nobody came, dsq where somebody was turned away.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    worker = ForeignKey(Worker, null=False, on_delete=RESTRICT, index=True)
    delegation = ForeignKey(UnionUnit, null=False, on_delete=RESTRICT, index=True)
    organisation = ForeignKey(Organisation, null=True, on_delete=RESTRICT, index=True)
    organisation_name = Varchar(length=120)
    name = Varchar(length=60)
    skill_level = SmallInt(null=True, default=None)
    number = Varchar(length=20, null=True, default=None)
    state = Varchar(length=12, default="submitted", index=True)
    reason = Text()
    standing = Varchar(length=5)
    guest = Boolean(default=False)
    filed_by = ForeignKey(Account, null=True, on_delete=RESTRICT)
    filed_at = Timestamptz()
    decided_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
    piece = ForeignKey(Piece, null=True, on_delete=RESTRICT)


class ImportDraft(Table, tablename="import_draft"):
    """A file that was read and shown back but not yet accepted. The rows are kept encrypted."""

    id: Serial
    kind = Varchar(length=20)
    contest = ForeignKey(Contest, null=True, on_delete=RESTRICT, index=True)
    account = ForeignKey(Account, null=False, on_delete=RESTRICT, index=True)
    filename = Varchar(length=160)
    content_cipher = Bytea()
    good = Integer()
    faulty = Integer()
    state = Varchar(length=12, default="open")
    at = Timestamptz()


INDEXES = (
    Index("entry_piece_once", "entry", ("piece",), unique=True),
    Index(
        "entry_person_once",
        "entry",
        ("event_category", "worker"),
        unique=True,
        where="state <> 'withdrawn'",
    ),
    Index("entry_number_once", "entry", ("event_category", "number"), unique=True),
)
