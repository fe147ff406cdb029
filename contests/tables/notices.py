"""What happens to a published board: the terms of its notice, objections, the reading out. No logic."""

from piccolo.columns import (
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from contests.tables.programme import Contest, EventCategory
from federation.database import Index
from federation.tables import Account

RESTRICT = OnDelete.restrict


class NoticeRule(Table, tablename="notice_rule"):
    """How long a board stands under notice and when it may be objected to. Never changed: the newest row that covers an
    event category holds for the notices that begin after it.

    `event_category` None: every one of the contest. `opens`, `closes`: minutes of the day in China. `first_day`: "same"
    counts the day of publishing, "next" begins with the working day after. `per_day`: how many objections one sender
    may lodge a day.
    """

    id: Serial
    contest = ForeignKey(Contest, null=False, on_delete=RESTRICT, index=True)
    event_category = ForeignKey(EventCategory, null=True, on_delete=RESTRICT, index=True)
    days = SmallInt()
    opens = SmallInt()
    closes = SmallInt()
    first_day = Varchar(length=5)
    per_day = SmallInt()
    basis = Varchar(length=160)
    actor = Varchar(length=60)
    at = Timestamptz()


class Objection(Table):
    """An objection to a publication under notice. Who lodged it, how to reach them and their words are encrypted.

    `receipt` is what its lodger looks it up by; `sender` a keyed hash that counts the objections of one day and says
    nothing else. Decided once: upheld or dismissed, with an answer that may be read by whoever has the receipt.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    number = SmallInt()
    publication = SmallInt()
    receipt = Varchar(length=14, unique=True)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    sender = Varchar(length=64, index=True)
    about = Varchar(length=20)
    name_cipher = Bytea()
    contact_cipher = Bytea()
    text_cipher = Bytea()
    state = Varchar(length=12, default="open", index=True)
    remedy = Varchar(length=12)
    answer = Text()
    decided_by = Varchar(length=60)
    decided_at = Timestamptz(null=True, default=None)
    at = Timestamptz()


class Announcement(Table):
    """A publication being read out in the hall: how far it has come, the same for every screen.

    `revision` moves with every step. `link` counts the links given to the announcer; an earlier one opens nothing.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, unique=True)
    publication = SmallInt()
    step = Integer(default=0)
    revision = Integer(default=1)
    link = Integer(default=1)
    is_open = Boolean(default=True)
    actor = Varchar(length=60)
    at = Timestamptz()


INDEXES = (Index("objection_number_once", "objection", ("event_category", "number"), unique=True),)
