"""Registration: checking candidates, filing entries, deciding on them, reading them."""

from contests.registration.candidates import Desk, check, open_desk, own_form, unanswered
from contests.registration.deciding import approve, send_back, withdraw
from contests.registration.filing import enter, file, resubmit
from contests.registration.reading import ENTRY_STATES, Filter, entries_of, entry_for, entry_form, of_person

__all__ = [
    "ENTRY_STATES",
    "Desk",
    "Filter",
    "approve",
    "check",
    "enter",
    "entries_of",
    "entry_for",
    "entry_form",
    "file",
    "of_person",
    "open_desk",
    "own_form",
    "resubmit",
    "send_back",
    "unanswered",
    "withdraw",
]
