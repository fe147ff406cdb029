"""Sample rechecks (抽检): the rule, a drawn list of sheets, what was found on each. No logic."""

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from contests.tables.marking import Piece
from contests.tables.programme import Contest, EventCategory
from federation.database import Index
from federation.tables import Account

RESTRICT = OnDelete.restrict


class RecheckRule(Table, tablename="recheck_rule"):
    """How much is rechecked. Never changed: the newest row that covers an event category holds for later lists.

    `event_category` None: every one of the contest. `before`: the act that waits for the recheck where it is `asked`.
    `top_kind`: count (`top_count` first places) or share (`top_share` of those placed). Shares and `fault_limit` are in
    1/100 of a per cent.
    """

    id: Serial
    contest = ForeignKey(Contest, null=False, on_delete=RESTRICT, index=True)
    event_category = ForeignKey(EventCategory, null=True, on_delete=RESTRICT, index=True)
    asked = Boolean(default=True)
    before = Varchar(length=20)
    top_kind = Varchar(length=5)
    top_count = Integer()
    top_share = Integer()
    rest_share = Integer()
    fault_limit = Integer()
    basis = Varchar(length=160)
    actor = Varchar(length=60)
    at = Timestamptz()


class Recheck(Table):
    """One drawn list with the rule as it was. `state`: open, finished, void.

    `freeze` is the step that closed the marking before it (0: none kept): a list vouches for the marks of that freeze.
    `pieces` is how many there were to choose from. `widened_*`: when and by how many faults it went on to everything.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    number = SmallInt()
    freeze = Integer(default=0)
    seed = Varchar(length=32)
    list_hash = Varchar(length=64)
    top_kind = Varchar(length=5)
    top_count = Integer()
    top_share = Integer()
    rest_share = Integer()
    fault_limit = Integer()
    basis = Varchar(length=160)
    pieces = Integer()
    state = Varchar(length=8, default="open")
    widened_at = Timestamptz(null=True, default=None)
    widened_wrong = Integer(default=0)
    widened_sheets = Integer(default=0)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()
    ended_by = Varchar(length=60)
    ended_at = Timestamptz(null=True, default=None)
    reason = Text()


class RecheckSheet(Table, tablename="recheck_sheet"):
    """One sheet to pull: a piece's record of one module (`plan`). `why`: top, sample, risen or widened.

    `result` is empty, right or wrong.
    """

    id: Serial
    recheck = ForeignKey(Recheck, null=False, on_delete=RESTRICT, index=True)
    piece = ForeignKey(Piece, null=False, on_delete=RESTRICT, index=True)
    plan = Varchar(length=100)
    position = Integer()
    why = Varchar(length=8)
    result = Varchar(length=5)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class RecheckFault(Table, tablename="recheck_fault"):
    """A mark found wrong: what stood at `seen_version`, what is right and why.

    `state`: open, corrected (as `mark_version`) or kept, when the chief referee finds that what stood is right.
    """

    id: Serial
    sheet = ForeignKey(RecheckSheet, null=False, on_delete=RESTRICT, index=True)
    stage = Varchar(length=40)
    aspect = Varchar(length=60)
    judge = Varchar(length=20)
    attempt = SmallInt(default=1)
    seen_version = Integer()
    stood_value = BigInt(null=True, default=None)
    stood_blank = Varchar(length=10, null=True, default=None)
    right_value = BigInt(null=True, default=None)
    right_blank = Varchar(length=10, null=True, default=None)
    reason = Text()
    state = Varchar(length=9, default="open")
    mark_version = Integer(null=True, default=None)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()
    settled_by = Varchar(length=60)
    settled_at = Timestamptz(null=True, default=None)
    settled_reason = Text()


INDEXES = (
    Index("recheck_number_once", "recheck", ("event_category", "number"), unique=True),
    Index("recheck_open_once", "recheck", ("event_category",), unique=True, where="state = 'open'"),
    Index("recheck_sheet_once", "recheck_sheet", ("recheck", "piece", "plan"), unique=True),
)
