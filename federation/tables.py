"""What the ground floor remembers. No logic.

Uniqueness over several columns is not declared on the classes: SQLite cannot add such constraints, so they
are unique indexes in `INDEXES`, which both engines accept; the migrations carry them as plain SQL and
`tests/test_schema.py` holds the two together.
"""

from piccolo.columns import (
    BigInt,
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

RESTRICT = OnDelete.restrict


class Region(Table):
    """A division of GB/T 2260: the province, its cities, their counties."""

    code = Varchar(length=6, primary_key=True)
    name = Varchar(length=60)
    name_en = Varchar(length=80)
    short_name = Varchar(length=30)
    level = Varchar(length=10)
    kind = Varchar(length=20)
    parent = ForeignKey("self", null=True, on_delete=RESTRICT, index=True)


class UnionUnit(Table, tablename="union_unit"):
    """A reporting unit of the federation: territorial, industrial, direct or of a zone.

    `path` is the chain of codes from the root, each followed by "/": whoever holds a unit holds every unit
    whose path starts with its path.
    """

    id: Serial
    code = Varchar(length=20, unique=True)
    name = Varchar(length=80)
    name_en = Varchar(length=120)
    short_name = Varchar(length=40)
    kind = Varchar(length=20)
    level = Varchar(length=10)
    parent = ForeignKey("self", null=True, on_delete=RESTRICT, index=True)
    region = ForeignKey(Region, null=True, on_delete=RESTRICT, index=True)
    path = Varchar(length=120, index=True)
    sort = Integer()


class Industry(Table):
    """A section of GB/T 4754."""

    code = Varchar(length=4, primary_key=True)
    name = Varchar(length=60)
    name_en = Varchar(length=120)
    standard = Varchar(length=30)


class Chain(Table):
    """An industry chain of the province's own list (1269)."""

    code = Varchar(length=20, primary_key=True)
    name = Varchar(length=40)
    name_en = Varchar(length=80)
    sort = Integer()


class Occupation(Table):
    """An occupation of the national dictionary, with the edition its code belongs to."""

    code = Varchar(length=12, primary_key=True)
    name = Varchar(length=80)
    name_en = Varchar(length=120)
    edition = Varchar(length=6)
    middle_code = Varchar(length=6)
    middle_name = Varchar(length=80)


class Trade(Table):
    """A trade (工种) below an occupation."""

    code = Varchar(length=20, primary_key=True)
    occupation = ForeignKey(Occupation, null=False, on_delete=RESTRICT, index=True)
    name = Varchar(length=80)
    name_en = Varchar(length=120)


class OccupationAlias(Table, tablename="occupation_alias"):
    """A former or colloquial name that people still write on forms."""

    id: Serial
    alias = Varchar(length=80, index=True)
    occupation = ForeignKey(Occupation, null=False, on_delete=RESTRICT, index=True)
    note = Varchar(length=120)


class HonourKind(Table, tablename="honour_type"):
    code = Varchar(length=40, primary_key=True)
    name = Varchar(length=60)
    name_en = Varchar(length=100)
    kind = Varchar(length=10)
    rank = Varchar(length=10)
    conferred_by = Varchar(length=80)


class Organisation(Table):
    id: Serial
    name = Varchar(length=120, index=True)
    name_en = Varchar(length=160)
    credit_code = Varchar(length=18, null=True, default=None, unique=True)
    union_unit = ForeignKey(UnionUnit, null=False, on_delete=RESTRICT, index=True)
    region = ForeignKey(Region, null=True, on_delete=RESTRICT, index=True)
    industry = ForeignKey(Industry, null=True, on_delete=RESTRICT, index=True)
    ownership = Varchar(length=20)


class Worker(Table):
    """A person. Identity number and phone are stored only as ciphertext and keyed hash (`privacy`)."""

    id: Serial
    name = Varchar(length=60, index=True)
    sex = Varchar(length=1)
    birth_date = Date(null=True, default=None)
    identity_kind = Varchar(length=20, default="resident")
    identity_cipher = Bytea(null=True, default=None)
    identity_hash = Varchar(length=64, null=True, default=None, unique=True)
    phone_cipher = Bytea(null=True, default=None)
    phone_hash = Varchar(length=64, null=True, default=None, index=True)
    status = Varchar(length=20)
    organisation = ForeignKey(Organisation, null=True, on_delete=RESTRICT, index=True)
    skill_level = SmallInt(null=True, default=None)
    certificate_number = Varchar(length=22)
    education = Varchar(length=30)
    title = Varchar(length=60)


class Honour(Table):
    """An honour a worker holds; the same honour of one year is recorded once."""

    id: Serial
    worker = ForeignKey(Worker, null=False, on_delete=RESTRICT, index=True)
    kind = ForeignKey(HonourKind, null=False, on_delete=RESTRICT, index=True)
    year = SmallInt()
    document_number = Varchar(length=80)


class Account(Table):
    id: Serial
    login = Varchar(length=60, unique=True)
    password_hash = Varchar(length=200)
    display_name = Varchar(length=60)
    worker = ForeignKey(Worker, null=True, on_delete=RESTRICT, index=True)
    failures = SmallInt()
    locked_until = Timestamptz(null=True, default=None)
    disabled_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


class Grant(Table, tablename="role_grant"):
    """A role within a scope: everywhere, a union unit with all below it, one contest, one event or one studio."""

    id: Serial
    account = ForeignKey(Account, null=False, on_delete=OnDelete.cascade, index=True)
    role = Varchar(length=30)
    scope = Varchar(length=10)
    scope_id = Integer(null=True, default=None)


class Session(Table, tablename="sign_in"):
    """A sign-in kept on the server. The cookie's secret is stored only as its SHA-256."""

    token_hash = Varchar(length=64, primary_key=True)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.cascade, index=True)
    created_at = Timestamptz()
    seen_at = Timestamptz()
    expires_at = Timestamptz(index=True)


class AuditLine(Table, tablename="audit_line"):
    """One line per change, numbered without gaps; each carries the hash of the line before."""

    number = BigInt(primary_key=True)
    at = Varchar(length=32)
    account = Integer(null=True, default=None, index=True)
    actor = Varchar(length=60)
    deed = Varchar(length=60, index=True)
    subject = Varchar(length=80, index=True)
    facts = Text()
    previous_hash = Varchar(length=64)
    hash = Varchar(length=64)


class AuditHead(Table, tablename="audit_head"):
    """The one row every change updates last: it puts the lines of the trail in order."""

    id = Integer(primary_key=True)
    number = BigInt()
    hash = Varchar(length=64)


class Sending(Table):
    """An idempotency key that was used, with the answer that was given."""

    key = Varchar(length=64, primary_key=True)
    deed = Varchar(length=60)
    answer = Text()
    at = Timestamptz()


class Revision(Table):
    """A counter that every change of a subject moves, so that caches in any process know they are old."""

    name = Varchar(length=60, primary_key=True)
    number = BigInt()


class ReferenceEdition(Table, tablename="reference_edition"):
    """Which edition of a file under data/ the tables hold."""

    file = Varchar(length=60, primary_key=True)
    digest = Varchar(length=64)
    loaded_at = Timestamptz()


class Attachment(Table):
    """A file as evidence, kept under its SHA-256. Append-only.

    `subject` names the thing it belongs to ("score_sheet:12"): whoever may see that may see the file. `digest`
    is of the bytes kept, `received` of those sent: they differ where a photo's own data (place, device) was cut.
    """

    id: Serial
    subject = Varchar(length=80, index=True)
    digest = Varchar(length=64, index=True)
    received = Varchar(length=64)
    kind = Varchar(length=4)
    size = BigInt()
    name = Varchar(length=120)
    cut = Integer()
    account = ForeignKey(Account, null=True, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()


INDEXES = (
    Index("attachment_once", "attachment", ("subject", "digest"), unique=True),
    Index("trade_name_once", "trade", ("occupation", "name"), unique=True),
    Index("occupation_alias_once", "occupation_alias", ("alias", "occupation"), unique=True),
    Index("honour_once", "honour", ("worker", "kind", "year"), unique=True),
    Index("grant_once", "role_grant", ("account", "role", "scope", "scope_id"), unique=True),
)
