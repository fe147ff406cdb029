"""Coding: the layers between a person and the number that is marked, and who came. No logic."""

from piccolo.columns import Boolean, Bytea, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from contests.tables.entries import Entry
from contests.tables.programme import EventCategory
from federation.database import Index
from federation.tables import Account

RESTRICT = OnDelete.restrict


class CodingLayer(Table, tablename="coding_layer"):
    """One layer of coding and the one person who holds it: 1 entry number, 2 workstation, 3 piece number.

    What was drawn and its seed stand encrypted in `sealed` until the layer is opened; their hashes are open from the
    draw on, so that everybody can check afterwards that nothing was drawn again.
    """

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    layer = SmallInt()
    holder = ForeignKey(Account, null=True, on_delete=RESTRICT, index=True)
    apart = Boolean(default=True)
    stations = Integer(null=True, default=None)
    basis = Varchar(length=160)
    sealed = Bytea(null=True, default=None)
    seal_hash = Varchar(length=64)
    drawn_at = Timestamptz(null=True, default=None)
    opened = Text()
    opened_at = Timestamptz(null=True, default=None)
    opened_by = Varchar(length=60)


class Witness(Table, tablename="coding_witness"):
    """Somebody who stood by when a layer was opened."""

    id: Serial
    layer = ForeignKey(CodingLayer, null=False, on_delete=RESTRICT, index=True)
    account = ForeignKey(Account, null=False, on_delete=RESTRICT)
    actor = Varchar(length=60)
    at = Timestamptz()


class CheckIn(Table, tablename="check_in"):
    """Whether an entry came: present, late, absent or excluded. The newest line of an entry holds."""

    id: Serial
    event_category = ForeignKey(EventCategory, null=False, on_delete=RESTRICT, index=True)
    entry = ForeignKey(Entry, null=False, on_delete=RESTRICT, index=True)
    outcome = Varchar(length=10)
    reason = Text()
    actor = Varchar(length=60)
    at = Timestamptz()


INDEXES = (
    Index("coding_layer_once", "coding_layer", ("event_category", "layer"), unique=True),
    Index("coding_witness_once", "coding_witness", ("layer", "account"), unique=True),
)
