"""Marks on paper: sheets printed, entered twice and signed; the lock of all marks and who signed it. No logic."""

from piccolo.columns import Boolean, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from contests.tables.marking import Piece
from contests.tables.programme import EventCategory, Scheme
from federation.database import Index
from federation.tables import Account, Attachment

RESTRICT = OnDelete.restrict


class PaperRule(Table, tablename="paper_rule"):
    """How an event category keeps its paper, one version after the other; without a row nothing of it is asked.

    `sign_off`: both signatures before anything is published. `signed_sheets`: every sheet signed before that.
    `photo`: a signed sheet needs its picture. `odd_limit`: how far from the middle of its aspect a mark is
    called odd, in tenths of the usual distance. `rows`: pieces on one sheet.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    version = Integer(default=1)
    is_current = Boolean(default=True)
    double_entry = Boolean(default=True)
    sign_off = Boolean(default=True)
    signed_sheets = Boolean(default=True)
    photo = Boolean(default=True)
    rows = SmallInt(default=10)
    odd_limit = SmallInt(default=35)
    basis = Varchar(length=160)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()


class ScoreSheet(Table, tablename="score_sheet"):
    """One printed sheet: a module (`plan`), a seat ("" for agreed marks) and the pieces of its rows, under one code.

    `state`: blank, first (entered once), differing, confirmed, void. `scheme` is the edition it was printed for.
    """

    id: Serial
    code = Varchar(length=9, unique=True)
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    scheme = ForeignKey(Scheme, null=False, on_delete=RESTRICT)
    plan = Varchar(length=100)
    stage = Varchar(length=40)
    judge = Varchar(length=20)
    number = Integer()
    state = Varchar(length=10, default="blank")
    version = Integer(default=1)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()
    reason = Text()


class SheetRow(Table, tablename="sheet_row"):
    """A piece on a sheet. While the sheet is not void the piece is on no other of the same module and seat."""

    id: Serial
    sheet = ForeignKey(ScoreSheet, null=False, on_delete=RESTRICT, index=True)
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT)
    plan = Varchar(length=100)
    judge = Varchar(length=20)
    piece = ForeignKey(Piece, null=False, on_delete=RESTRICT, index=True)
    place = SmallInt()
    is_live = Boolean(default=True)


class PaperEntry(Table, tablename="paper_entry"):
    """What one person read off a sheet. Append-only; nothing here is a mark until the sheet is confirmed.

    `part`: 1 first entry, 2 second, 3 the choice between them; `version` counts within a part. `cells` is
    {cell key: [value, blank]} in canonical JSON.
    """

    id: Serial
    sheet = ForeignKey(ScoreSheet, null=False, on_delete=RESTRICT, index=True)
    part = SmallInt()
    version = Integer(default=1)
    cells = Text()
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()
    reason = Text()


class SheetPrint(Table, tablename="sheet_print"):
    """The filled sheet as it was printed: `content` is what it shows, `hash` the SHA-256 of that. Append-only."""

    id: Serial
    sheet = ForeignKey(ScoreSheet, null=False, on_delete=RESTRICT, index=True)
    version = Integer(default=1)
    content = Text()
    hash = Varchar(length=64)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()
    reason = Text()


class SheetSignature(Table, tablename="sheet_signature"):
    """A print came back signed; who saw the signatures, and the photo. One for each print."""

    id: Serial
    print = ForeignKey(SheetPrint, null=False, on_delete=RESTRICT, unique=True)
    sheet = ForeignKey(ScoreSheet, null=False, on_delete=RESTRICT, index=True)
    photo = ForeignKey(Attachment, null=True, on_delete=RESTRICT)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()


class MarksLock(Table, tablename="marks_lock"):
    """All marks of record of an event category at one moment, named by their SHA-256. Append-only."""

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    number = Integer()
    hash = Varchar(length=64)
    marks = Integer()
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()
    reason = Text()


class SignOff(Table, tablename="sign_off"):
    """One of the two signatures under a lock: chief_referee or supervisor, never the same account twice."""

    id: Serial
    lock = ForeignKey(MarksLock, null=False, on_delete=RESTRICT, index=True)
    role = Varchar(length=20)
    account = ForeignKey(Account, null=False, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()


INDEXES = (
    Index("paper_rule_version_once", "paper_rule", ("event_category", "version"), unique=True),
    Index("paper_rule_current_once", "paper_rule", ("event_category",), unique=True, where="is_current"),
    Index("score_sheet_number_once", "score_sheet", ("event_category", "number"), unique=True),
    Index(
        "sheet_row_live_once",
        "sheet_row",
        ("event_category", "plan", "judge", "piece"),
        unique=True,
        where="is_live",
    ),
    Index("paper_entry_once", "paper_entry", ("sheet", "part", "version"), unique=True),
    Index("sheet_print_once", "sheet_print", ("sheet", "version"), unique=True),
    Index("marks_lock_once", "marks_lock", ("event_category", "number"), unique=True),
    Index("sign_off_role_once", "sign_off", ("lock", "role"), unique=True),
    Index("sign_off_account_once", "sign_off", ("lock", "account"), unique=True),
)
