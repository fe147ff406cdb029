"""归档清单: the ten things a contest leaves behind, which are held and which are missing."""

from contests.archive.checklist import ITEMS, Checklist, Line, checklist, fill
from contests.archive.missing import archive_complete

__all__ = ["ITEMS", "Checklist", "Line", "archive_complete", "checklist", "fill"]
