"""Appeals (申诉) of delegations: the rule, who sits on the panel, each appeal and what was done about it. No logic."""

from piccolo.columns import Bytea, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from contests.tables.entries import Entry
from contests.tables.marking import Trial
from contests.tables.programme import Contest, EventCategory
from federation.database import Index
from federation.tables import Account, UnionUnit

RESTRICT = OnDelete.restrict


class AppealRule(Table, tablename="appeal_rule"):
    """What may be appealed against and how long. Never changed: the newest row that covers an event category holds.

    `event_category` None: every one of the contest. The window is `minutes` from `moment`, an act of the state table
    or "ended", the recorded end of the competition. `grounds` is a JSON list of codes and of grounds in own words.
    `voices`: how many members of the panel must agree to a decision.
    """

    id: Serial
    contest = ForeignKey(Contest, null=False, on_delete=RESTRICT, index=True)
    event_category = ForeignKey(EventCategory, null=True, on_delete=RESTRICT, index=True)
    minutes = Integer()
    moment = Varchar(length=20)
    grounds = Text()
    voices = SmallInt(default=1)
    basis = Varchar(length=160)
    actor = Varchar(length=60)
    at = Timestamptz()


class AppealMoment(Table, tablename="appeal_moment"):
    """When the competition of an event category ended, as the chief referee recorded it. The newest row holds."""

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    moment = Timestamptz()
    actor = Varchar(length=60)
    at = Timestamptz()


class AppealMember(Table, tablename="appeal_member"):
    """Which union unit a member of the panel comes from, so that nobody hears an appeal of the own unit."""

    id: Serial
    contest = ForeignKey(Contest, null=False, on_delete=RESTRICT, index=True)
    account = ForeignKey(Account, null=False, on_delete=RESTRICT, index=True)
    unit = ForeignKey(UnionUnit, null=False, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()


class Appeal(Table):
    """One appeal of a delegation for one entry. Words and proof are encrypted; `digest` is of everything filed.

    The window as it was: `moment` (its code), `moment_at`, `limit_at`. `state`: filed, accepted, proposed, upheld,
    dismissed, out_of_scope, late, withdrawn. `remedy` of an upheld one: none, or trial (a re-score, `trial`).
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    number = SmallInt()
    entry = ForeignKey(Entry, null=False, on_delete=RESTRICT, index=True)
    delegation = ForeignKey(UnionUnit, null=False, on_delete=RESTRICT, index=True)
    ground = Varchar(length=80)
    text_cipher = Bytea()
    proof_cipher = Bytea()
    digest = Varchar(length=64)
    moment = Varchar(length=20)
    moment_at = Timestamptz()
    limit_at = Timestamptz()
    state = Varchar(length=12, default="filed", index=True)
    decision = Varchar(length=12)
    remedy = Varchar(length=6)
    answer = Text()
    trial = ForeignKey(Trial, null=True, on_delete=RESTRICT)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT, index=True)
    actor = Varchar(length=60)
    at = Timestamptz()
    version = Integer(default=1)


class AppealStep(Table, tablename="appeal_step"):
    """One thing done about an appeal: filed, accepted, refused, proposed, agreed, decided, trial, withdrawn."""

    id: Serial
    appeal = ForeignKey(Appeal, null=False, on_delete=RESTRICT, index=True)
    deed = Varchar(length=12)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    reason = Text()
    at = Timestamptz()


INDEXES = (
    Index("appeal_number_once", "appeal", ("event_category", "number"), unique=True),
    Index("appeal_member_once", "appeal_member", ("contest", "account"), unique=True),
)
