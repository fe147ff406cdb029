"""Judges' seats, the devices that hold them, what judges submitted, spreads and who stepped aside. No logic."""

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from contests.tables.marking import Piece
from contests.tables.programme import EventCategory
from federation.database import Index
from federation.tables import Account

RESTRICT = OnDelete.restrict


class JudgeSeat(Table, tablename="judge_seat"):
    """One judge's seat. `code` is what marks call `judge`; `name` is for staff only and never leaves their pages.

    `aspects` is a JSON list of [stage, aspect] the seat marks. The secret of the link is stored as its SHA-256, the
    PIN as a password hash; both empty while no link is out. Where the judge comes from: `PanelSeat`.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    code = Varchar(length=20)
    name = Varchar(length=60)
    aspects = Text()
    link_hash = Varchar(length=64, null=True, default=None, unique=True)
    pin_hash = Varchar(length=200)
    issued_at = Timestamptz(null=True, default=None)
    issues = SmallInt()
    failures = SmallInt()
    locked_until = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class SeatSession(Table, tablename="seat_sign_in"):
    """A device that holds or held a seat. `ended_why`: taken_over, revoked, signed_out, expired or ""."""

    token_hash = Varchar(length=64, primary_key=True)
    seat = ForeignKey(JudgeSeat, null=False, on_delete=RESTRICT, index=True)
    device = Varchar(length=60)
    created_at = Timestamptz()
    seen_at = Timestamptz()
    expires_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)
    ended_why = Varchar(length=12)


class SeatRule(Table, tablename="seat_rule"):
    """How seats are kept in an event category, and the document it rests on. Append-only; the newest holds."""

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    version = Integer(default=1)
    own_unit = Varchar(length=10)
    pin_digits = SmallInt()
    tries = SmallInt()
    lock_minutes = SmallInt()
    session_hours = SmallInt()
    may_uphold = Boolean(default=True)
    basis = Varchar(length=160)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()


class Submission(Table, tablename="sheet_submission"):
    """A judge's sheet of one piece, handed in. `marks` is canonical JSON of its cells, `hash` the SHA-256 of that.

    Open until the chief referee returns it; a returned sheet stays as it was handed in.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    seat = ForeignKey(JudgeSeat, null=False, on_delete=RESTRICT, index=True)
    piece = ForeignKey(Piece, null=False, on_delete=RESTRICT, index=True)
    stage = Varchar(length=40)
    number = SmallInt(default=1)
    marks = Text()
    hash = Varchar(length=64)
    at = Timestamptz()
    returned_at = Timestamptz(null=True, default=None)
    returned_by = Varchar(length=60)
    reason = Text()


class Spread(Table, tablename="mark_spread"):
    """Judges of one aspect of one piece stand further apart than allowed. Open until they adjusted or it was ruled on.

    `spread` and `allowed` in 1/10,000. `shown_at`: when the chief referee let the judges see each other's marks.
    `settlement`: adjusted, upheld or withdrawn.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    piece = ForeignKey(Piece, null=False, on_delete=RESTRICT, index=True)
    stage = Varchar(length=40)
    aspect = Varchar(length=60)
    attempt = SmallInt(default=1)
    spread = BigInt()
    allowed = BigInt()
    at = Timestamptz()
    shown_at = Timestamptz(null=True, default=None)
    shown_by = Varchar(length=60)
    settled_at = Timestamptz(null=True, default=None)
    settled_by = Varchar(length=60)
    settlement = Varchar(length=10)
    reason = Text()


class OwnUnit(Table, tablename="seat_own_unit"):
    """Whether a piece comes from the unit the judge of a seat comes from: yes or no, nothing else of whose."""

    id: Serial
    seat = ForeignKey(JudgeSeat, null=False, on_delete=RESTRICT, index=True)
    piece = ForeignKey(Piece, null=False, on_delete=RESTRICT, index=True)
    is_own = Boolean(default=False)
    at = Timestamptz()


class Recusal(Table, tablename="seat_recusal"):
    """A seat stepped aside for a piece. `by`: system, judge or referee."""

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    seat = ForeignKey(JudgeSeat, null=False, on_delete=RESTRICT, index=True)
    piece = ForeignKey(Piece, null=False, on_delete=RESTRICT, index=True)
    by = Varchar(length=8)
    reason = Text()
    actor = Varchar(length=60)
    at = Timestamptz()
    lifted_at = Timestamptz(null=True, default=None)
    lifted_by = Varchar(length=60)
    lifted_why = Text()


INDEXES = (
    Index("judge_seat_once", "judge_seat", ("event_category", "code"), unique=True),
    Index("seat_one_device", "seat_sign_in", ("seat",), unique=True, where="ended_at IS NULL"),
    Index("seat_rule_once", "seat_rule", ("event_category", "version"), unique=True),
    Index("sheet_submission_number", "sheet_submission", ("seat", "piece", "stage", "number"), unique=True),
    Index(
        "sheet_submission_open",
        "sheet_submission",
        ("seat", "piece", "stage"),
        unique=True,
        where="returned_at IS NULL",
    ),
    Index(
        "mark_spread_open",
        "mark_spread",
        ("piece", "stage", "aspect", "attempt"),
        unique=True,
        where="settled_at IS NULL",
    ),
    Index("seat_own_unit_once", "seat_own_unit", ("seat", "piece"), unique=True),
    Index("seat_recusal_open", "seat_recusal", ("seat", "piece"), unique=True, where="lifted_at IS NULL"),
)
