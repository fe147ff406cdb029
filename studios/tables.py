"""What the register of innovation studios remembers. No logic. Indexes: see `federation.tables`."""

from piccolo.columns import BigInt, Date, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from federation.database import Index
from federation.tables import Chain, Industry, Organisation, Region, UnionUnit, Worker

RESTRICT = OnDelete.restrict


class Studio(Table):
    """劳模创新工作室. Its tier is not here: it is read from the dated history of its namings.

    `union_unit` is the unit whose branch the studio belongs to; `equipment` is in 分 (1/100 yuan),
    `premises` in square metres.
    """

    id: Serial
    number = Varchar(length=20, unique=True)
    name = Varchar(length=120, index=True)
    name_en = Varchar(length=160)
    organisation = ForeignKey(Organisation, null=False, on_delete=RESTRICT, index=True)
    union_unit = ForeignKey(UnionUnit, null=False, on_delete=RESTRICT, index=True)
    region = ForeignKey(Region, null=True, on_delete=RESTRICT, index=True)
    industry = ForeignKey(Industry, null=True, on_delete=RESTRICT, index=True)
    chain = ForeignKey(Chain, null=True, on_delete=RESTRICT, index=True)
    founded_on = Date()
    topic = Varchar(length=200)
    premises = Integer(null=True, default=None)
    equipment = BigInt(null=True, default=None)
    summary = Text()
    version = Integer(default=1)
    updated_at = Timestamptz()


class Leadership(Table):
    """Who led a studio from when until when; the current lead has no `until`."""

    id: Serial
    studio = ForeignKey(Studio, null=False, on_delete=RESTRICT, index=True)
    worker = ForeignKey(Worker, null=False, on_delete=RESTRICT, index=True)
    since = Date()
    until = Date(null=True, default=None)


class Member(Table, tablename="studio_member"):
    id: Serial
    studio = ForeignKey(Studio, null=False, on_delete=RESTRICT, index=True)
    worker = ForeignKey(Worker, null=True, on_delete=RESTRICT, index=True)
    name = Varchar(length=60)
    title = Varchar(length=60)
    skill_level = SmallInt(null=True, default=None)
    task = Varchar(length=80)
    joined_on = Date()
    left_on = Date(null=True, default=None)


class Naming(Table):
    """A tier a studio holds from `starts_on` up to, but not including, `ends_on` (None: still held).

    Stock at a date d: `starts_on <= d and (ends_on is null or ends_on > d)`, each studio by its highest tier.
    """

    id: Serial
    studio = ForeignKey(Studio, null=False, on_delete=RESTRICT, index=True)
    tier = Varchar(length=10)
    starts_on = Date(index=True)
    ends_on = Date(null=True, default=None)
    conferred_by = ForeignKey(UnionUnit, null=True, on_delete=RESTRICT)
    document_number = Varchar(length=80)
    plaque_number = Varchar(length=40)
    end_reason = Varchar(length=200)
    end_document_number = Varchar(length=80)


class OutputMeasure(Table, tablename="output_measure"):
    """A category of output together with what is counted of it and its unit.

    Quantities are integers in 1/10^decimals of `unit`.
    """

    code = Varchar(length=50, primary_key=True)
    category = Varchar(length=40)
    category_name = Varchar(length=40)
    category_name_en = Varchar(length=80)
    measure = Varchar(length=30)
    measure_name = Varchar(length=30)
    measure_name_en = Varchar(length=60)
    unit = Varchar(length=10)
    unit_en = Varchar(length=30)
    decimals = SmallInt()
    sort = Integer()


class Output(Table, tablename="studio_output"):
    """What a studio brought in one calendar year, by measure; `quantity` in 1/10^decimals of the unit."""

    id: Serial
    studio = ForeignKey(Studio, null=False, on_delete=RESTRICT, index=True)
    year = SmallInt()
    measure = ForeignKey(OutputMeasure, null=False, on_delete=RESTRICT, index=True)
    title = Varchar(length=200)
    quantity = BigInt()
    proof = Varchar(length=200)
    verified_by = Varchar(length=60)
    verified_on = Date(null=True, default=None)
    version = Integer(default=1)


INDEXES = (
    Index("leadership_current_once", "leadership", ("studio",), unique=True, where="until IS NULL"),
    Index("naming_tier_once", "naming", ("studio", "tier", "starts_on"), unique=True),
    Index("naming_open_once", "naming", ("studio", "tier"), unique=True, where="ends_on IS NULL"),
    Index("output_by_year", "studio_output", ("studio", "year")),
)
