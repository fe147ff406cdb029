"""What the public was shown. No logic."""

from piccolo.columns import BigInt, ForeignKey, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from contests.tables.programme import EventCategory
from federation.database import Index

RESTRICT = OnDelete.restrict


class Publication(Table):
    """A numbered publication of a board: what the public was shown, with the hash of the one before.

    `content` is canonical JSON; `reason` says why it was published; a withdrawn publication stays.
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
    withdrawn_reason = Text()
    reason = Text()


INDEXES = (Index("publication_number_once", "publication", ("event_category", "number"), unique=True),)
