"""Score entry: the sheets of an event category, entering marks cell by cell, disputes, standings, history.

Nobody here learns a name: rows are numbers.
"""

from contests.scoring.disputes import history, set_standing, settle
from contests.scoring.entering import enter_mark, enter_marks
from contests.scoring.plans import Column, Plan, Slot, plan_of, plans_of
from contests.scoring.sheets import Moved, Sheet, moved, my_sheets, sheet, stage_of, totals

__all__ = [
    "Column",
    "Moved",
    "Plan",
    "Sheet",
    "Slot",
    "enter_mark",
    "enter_marks",
    "history",
    "moved",
    "my_sheets",
    "plan_of",
    "plans_of",
    "set_standing",
    "settle",
    "sheet",
    "stage_of",
    "totals",
]
