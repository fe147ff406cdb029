"""Entries from a file: its columns, the draft that waits between reading and accepting."""

from contests.imports.columns import HEADERS, Line
from contests.imports.drafts import Preview, accept, drafts_of, drop, preview, send_file

__all__ = ["HEADERS", "Line", "Preview", "accept", "drafts_of", "drop", "preview", "send_file"]
