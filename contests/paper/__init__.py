"""Marks on paper: score sheets with a code, entered twice, printed as they stand, signed and frozen.

Nobody here learns a name: rows are numbers of pieces.
"""

from contests.paper.codes import shown_code
from contests.paper.entering import choose, enter_sheet, role_of
from contests.paper.printing import blank_of, content_of, head_of, print_filled, print_sheets, void_sheet
from contests.paper.rule import USUAL, Rule, history_of, rule_of, set_rule
from contests.paper.sheets import PaperSheet, all_sheets, code_of, seats_of_plan, sheets_of, the_sheet
from contests.paper.signing import is_own, photo_of, sign_sheet

__all__ = [
    "USUAL",
    "PaperSheet",
    "Rule",
    "all_sheets",
    "blank_of",
    "choose",
    "code_of",
    "content_of",
    "enter_sheet",
    "head_of",
    "history_of",
    "is_own",
    "photo_of",
    "print_filled",
    "print_sheets",
    "role_of",
    "rule_of",
    "seats_of_plan",
    "set_rule",
    "sheets_of",
    "shown_code",
    "sign_sheet",
    "the_sheet",
    "void_sheet",
]
