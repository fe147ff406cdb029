"""What is contested: series, contests, events, their categories and the acts that move them. No logic."""

from piccolo.columns import (
    BigInt,
    Boolean,
    Date,
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

from federation.database import Index
from federation.tables import Account, Industry, Occupation, Region, Trade, UnionUnit

RESTRICT = OnDelete.restrict


class Series(Table):
    """A contest series (天工杯 …). Classes I, II and III have a meaning only inside a series."""

    code = Varchar(length=20, primary_key=True)
    name = Varchar(length=60)
    name_en = Varchar(length=100)
    host = Varchar(length=80)


class Contest(Table):
    id: Serial
    code = Varchar(length=30, unique=True)
    name = Varchar(length=120)
    name_en = Varchar(length=160)
    series = ForeignKey(Series, null=True, on_delete=RESTRICT, index=True)
    class_code = Varchar(length=3, null=True, default=None)
    level = Varchar(length=10)
    year = SmallInt(index=True)
    host = ForeignKey(UnionUnit, null=False, on_delete=RESTRICT, index=True)
    organiser = Varchar(length=160)
    region = ForeignKey(Region, null=True, on_delete=RESTRICT, index=True)
    industry = ForeignKey(Industry, null=True, on_delete=RESTRICT, index=True)
    venue = Varchar(length=120)
    venue_en = Varchar(length=160)
    starts_on = Date()
    ends_on = Date()
    registration_opens_on = Date(null=True, default=None)
    registration_closes_on = Date(null=True, default=None)
    summary = Text()
    summary_en = Text()
    document_number = Varchar(length=80)
    version = Integer(default=1)
    created_at = Timestamptz()


class Event(Table, tablename="contest_event"):
    """赛项: one contested occupation of a contest, with its rule of admission.

    Ages count on `reference_date`; None means no limit.
    """

    id: Serial
    contest = ForeignKey(Contest, null=False, on_delete=RESTRICT, index=True)
    code = Varchar(length=30)
    name = Varchar(length=80)
    name_en = Varchar(length=120)
    occupation = ForeignKey(Occupation, null=True, on_delete=RESTRICT, index=True)
    trade = ForeignKey(Trade, null=True, on_delete=RESTRICT, index=True)
    reference_date = Date(null=True, default=None)
    age_min = SmallInt(null=True, default=None)
    age_max = SmallInt(null=True, default=None)
    skill_level_min = SmallInt(null=True, default=None)
    minimum_field = SmallInt()
    basis = Varchar(length=160)
    version = Integer(default=1)


class Scheme(Table, tablename="scheme_version"):
    """One version of a marking scheme: the document of `federation.judging.schemes`. Frozen at its first mark."""

    id: Serial
    code = Varchar(length=60)
    edition = SmallInt(default=1)
    title = Varchar(length=120)
    title_en = Varchar(length=160)
    basis = Varchar(length=160)
    document = Text()
    created_at = Timestamptz()
    frozen_at = Timestamptz(null=True, default=None)


class EventCategory(Table, tablename="event_category"):
    """赛项 × 组别: what is registered for, marked, ranked and published on its own.

    `revision` moves with everything a board shows; `publication` is the number of the publication the
    public sees (None: none). `coding` counts the layers between a person and the number that is marked: 0 open,
    1 the entry number, 2 the workstation, 3 the piece number; `decoded_at` is when the last of them was opened.
    """

    id: Serial
    event = ForeignKey(Event, null=False, on_delete=RESTRICT, index=True)
    category = Varchar(length=20)
    state = Varchar(length=20, default="planned", index=True)
    scheme = ForeignKey(Scheme, null=True, on_delete=RESTRICT, index=True)
    quota = SmallInt(null=True, default=None)
    quota_basis = Varchar(length=160)
    live_public = Boolean(default=True)
    notice_from = Date(null=True, default=None)
    notice_until = Date(null=True, default=None)
    revision = BigInt(default=0)
    publication = Integer(null=True, default=None)
    version = Integer(default=1)
    coding = SmallInt(default=0)
    decoded_at = Timestamptz(null=True, default=None)


class Step(Table, tablename="state_step"):
    """One named act that moved an event category from one state to another."""

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    act = Varchar(length=30)
    from_state = Varchar(length=20)
    to_state = Varchar(length=20)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    reason = Text()
    at = Timestamptz()


class Quota(Table):
    """A delegation's own number of places, where it differs from the event category's quota."""

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    delegation = ForeignKey(UnionUnit, null=False, on_delete=RESTRICT, index=True)
    places = SmallInt()


INDEXES = (
    Index("event_code_once", "contest_event", ("contest", "code"), unique=True),
    Index("event_category_once", "event_category", ("event", "category"), unique=True),
    Index("scheme_edition_once", "scheme_version", ("code", "edition"), unique=True),
    Index("quota_once", "quota", ("event_category", "delegation"), unique=True),
)
