"""What the contests remember. No logic. Indexes over several columns: see `federation.tables`."""

from piccolo.columns import (
    BigInt,
    Boolean,
    Bytea,
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
from federation.tables import Account, Industry, Occupation, Organisation, Region, Trade, UnionUnit, Worker

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
    public sees (None: none).
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


class Entry(Table):
    """A person's registration for an event category and, once approved, their place in the contest.

    `name` and `organisation_name` are as they stood at registration. `standing` is empty or one of the
    blanks of a whole performance: dns, dnf, dsq.
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


class Mark(Table):
    """One version of one mark. Append-only: a correction is the next version; `is_current` names the newest.

    `value` is in 1/10,000; exactly one of `value` and `blank` is set. `judge` is the seat ("" where the
    aspect has one mark), `stage` "" in an event of one stage.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    entry = ForeignKey(Entry, null=False, on_delete=RESTRICT, index=True)
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
    entry = ForeignKey(Entry, null=False, on_delete=RESTRICT, index=True)
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


class Publication(Table):
    """A numbered publication of a board: what the public was shown, with the hash of the one before.

    `content` is canonical JSON; a withdrawn publication stays readable for staff.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    number = SmallInt()
    kind = Varchar(length=12)
    revision = BigInt()
    content = Text()
    previous_hash = Varchar(length=64)
    hash = Varchar(length=64)
    actor = Varchar(length=60)
    at = Timestamptz()
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_by = Varchar(length=60)
    reason = Text()


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


class Trial(Table, tablename="score_trial"):
    """A set of changes that is tried on the marks as they stand and then applied or discarded as a whole.

    `changes` is the document of `contests.trials.sets`; while the trial is open nothing of it is in force.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    title = Varchar(length=120)
    changes = Text()
    state = Varchar(length=12, default="open")
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()
    decided_by = Varchar(length=60)
    decided_at = Timestamptz(null=True, default=None)
    reason = Text()
    version = Integer(default=1)


INDEXES = (
    Index("event_code_once", "contest_event", ("contest", "code"), unique=True),
    Index("event_category_once", "event_category", ("event", "category"), unique=True),
    Index("scheme_edition_once", "scheme_version", ("code", "edition"), unique=True),
    Index("quota_once", "quota", ("event_category", "delegation"), unique=True),
    Index(
        "entry_person_once",
        "entry",
        ("event_category", "worker"),
        unique=True,
        where="state <> 'withdrawn'",
    ),
    Index("entry_number_once", "entry", ("event_category", "number"), unique=True),
    Index(
        "mark_version_once",
        "mark",
        ("entry", "stage", "aspect", "judge", "attempt", "version"),
        unique=True,
    ),
    Index(
        "mark_current_once",
        "mark",
        ("entry", "stage", "aspect", "judge", "attempt"),
        unique=True,
        where="is_current",
    ),
    Index("panel_seat_once", "panel_seat", ("event_category", "judge"), unique=True),
    Index("mark_of_board", "mark", ("event_category", "is_current")),
    Index("publication_number_once", "publication", ("event_category", "number"), unique=True),
)
