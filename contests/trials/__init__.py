"""Trials: what would happen if a mark, a judge or the rule were another; applied or discarded as a set."""

from contests.trials.deciding import apply_trial, discard_trial
from contests.trials.sets import JudgeLeftOut, MarkChange, TrialSet
from contests.trials.trying import (
    Tried,
    add_mark,
    keep_trial,
    leave_out_judge,
    open_trial,
    remove_change,
    scheme_tried,
    the_trial,
    trials_of,
    tried,
    use_scheme,
)

__all__ = [
    "JudgeLeftOut",
    "MarkChange",
    "TrialSet",
    "Tried",
    "add_mark",
    "apply_trial",
    "discard_trial",
    "keep_trial",
    "leave_out_judge",
    "open_trial",
    "remove_change",
    "scheme_tried",
    "the_trial",
    "trials_of",
    "tried",
    "use_scheme",
]
