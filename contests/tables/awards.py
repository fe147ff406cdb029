"""What follows from a place: titles that others confer, certificates, and what a contest's archive holds. No logic."""

from piccolo.columns import Boolean, Date, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from contests.tables.entries import Entry
from contests.tables.programme import Contest, EventCategory
from federation.database import Index
from federation.tables import Account, Honour, HonourKind

RESTRICT = OnDelete.restrict


class TitleRules(Table, tablename="title_rules"):
    """One edition of the rules by which titles follow from places: the document of `contests.awards.title_rules`.

    `scope` is "series:<code>" or "contest:<code>"; the newest edition of a scope is in force. Append-only.
    """

    id: Serial
    scope = Varchar(length=60)
    edition = SmallInt()
    basis = Varchar(length=160)
    document = Text()
    reason = Text()
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()


class AwardTitle(Table, tablename="award_title"):
    """A title or a skill level that an entry's place leads to; another body confers it.

    `state`: proposed, reported, approved, issued, or refused and dropped. `title` and `conferred_by` are as the rule
    had them. `held` is the honour written when it was approved.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    entry = ForeignKey(Entry, null=False, on_delete=RESTRICT, index=True)
    publication = SmallInt()
    place = Integer()
    rule = Varchar(length=60)
    kind = Varchar(length=10)
    title = Varchar(length=80)
    title_en = Varchar(length=120)
    conferred_by = Varchar(length=80)
    honour = ForeignKey(HonourKind, null=True, on_delete=RESTRICT, index=True)
    level_before = SmallInt(null=True, default=None)
    level = SmallInt(null=True, default=None)
    basis = Varchar(length=160)
    state = Varchar(length=12, default="proposed", index=True)
    document_number = Varchar(length=80)
    document_on = Date(null=True, default=None)
    held = ForeignKey(Honour, null=True, on_delete=OnDelete.set_null)
    at = Timestamptz()
    version = Integer(default=1)


class TitleStep(Table, tablename="title_step"):
    """One move of a title: who said so, by which document. Append-only."""

    id: Serial
    title = ForeignKey(AwardTitle, null=False, on_delete=RESTRICT, index=True)
    from_state = Varchar(length=12)
    to_state = Varchar(length=12)
    document_number = Varchar(length=80)
    document_on = Date(null=True, default=None)
    reason = Text()
    actor = Varchar(length=60)
    at = Timestamptz()


class CertificateSettings(Table, tablename="certificate_settings"):
    """One edition of how the certificates of a contest look and are numbered. Append-only; the newest is in force."""

    id: Serial
    contest = ForeignKey(Contest, null=False, on_delete=RESTRICT, index=True)
    edition = SmallInt()
    number_pattern = Varchar(length=80)
    title = Varchar(length=20)
    wording = Text()
    issuer = Varchar(length=120)
    issued_on = Date()
    document_number = Varchar(length=80)
    check_address = Varchar(length=160)
    basis = Varchar(length=160)
    actor = Varchar(length=60)
    at = Timestamptz()


class CertificateBatch(Table, tablename="certificate_run"):
    """Certificates made together. One process at a time works on it: whoever holds the claim until it runs out."""

    id: Serial
    contest = ForeignKey(Contest, null=False, on_delete=RESTRICT, index=True)
    event_category = ForeignKey(EventCategory, null=True, default=None, on_delete=RESTRICT, index=True)
    settings = ForeignKey(CertificateSettings, null=False, on_delete=RESTRICT, index=True)
    state = Varchar(length=12, default="running", index=True)
    claimed_by = Varchar(length=60)
    claimed_until = Timestamptz(null=True, default=None)
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)


class Certificate(Table):
    """A certificate, frozen when it is numbered. `content` is canonical JSON of all that is printed, `hash` its
    SHA-256, `file_hash` that of the PDF as it was first made.

    `state`: waiting, failed (`fault` says why), valid, replaced, revoked. Only the last three are known outside.
    """

    id: Serial
    batch = ForeignKey(CertificateBatch, null=False, on_delete=RESTRICT, index=True)
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    entry = ForeignKey(Entry, null=False, on_delete=RESTRICT, index=True)
    award = Varchar(length=60)
    number = Varchar(length=100, unique=True)
    code = Varchar(length=16, unique=True)
    content = Text()
    hash = Varchar(length=64)
    file_hash = Varchar(length=64)
    state = Varchar(length=12, default="waiting", index=True)
    fault = Text()
    replaces = ForeignKey("self", null=True, default=None, on_delete=RESTRICT)
    reason = Text()
    made_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_by = Varchar(length=60)
    version = Integer(default=1)


class CertificateCounter(Table, tablename="certificate_counter"):
    """The last serial used of the numbers that are alike but for it."""

    stem = Varchar(length=120, primary_key=True)
    last = Integer()


class ArchiveItem(Table, tablename="archive_item"):
    """What was brought for one item of a contest's archive list, or why it does not apply."""

    id: Serial
    contest = ForeignKey(Contest, null=False, on_delete=RESTRICT, index=True)
    item = Varchar(length=30)
    document_number = Varchar(length=160)
    location = Text()
    not_needed = Boolean(default=False)
    reason = Text()
    actor = Varchar(length=60)
    at = Timestamptz()
    version = Integer(default=1)


INDEXES = (
    Index("title_rules_once", "title_rules", ("scope", "edition"), unique=True),
    Index(
        "award_title_once",
        "award_title",
        ("entry", "rule"),
        unique=True,
        where="state <> 'dropped'",
    ),
    Index("certificate_settings_once", "certificate_settings", ("contest", "edition"), unique=True),
    Index(
        "certificate_standing_once",
        "certificate",
        ("entry", "award"),
        unique=True,
        where="state IN ('waiting', 'failed', 'valid')",
    ),
    Index("archive_item_once", "archive_item", ("contest", "item"), unique=True),
)
