"""The arithmetic of judging: marks and a scheme in, an explained board out. Pure: frames to frames, no I/O.

scheme = Scheme.from_json(document)
outcome = rank(scheme, marks, entries)
outcome.places, outcome.scores
moved(outcome, marks of the entries that changed)
explain(outcome, entry), explain_place(outcome, entry), explain_places(outcome)
"""

from federation.judging.explanation import Explanation, explain
from federation.judging.frames import ENTRIES, MARKS, PLACES, SCALE, SCORES, FrameError
from federation.judging.moving import moved
from federation.judging.ranking import Outcome, rank, score
from federation.judging.reasons import (
    REASONS,
    AwardReason,
    Reason,
    explain_award,
    explain_place,
    explain_places,
)
from federation.judging.schemes import Scheme, SchemeError
from federation.judging.values import check_value, format_value, parse_value

__all__ = [
    "ENTRIES",
    "MARKS",
    "PLACES",
    "REASONS",
    "SCALE",
    "SCORES",
    "AwardReason",
    "Explanation",
    "FrameError",
    "Outcome",
    "Reason",
    "Scheme",
    "SchemeError",
    "check_value",
    "explain",
    "explain_award",
    "explain_place",
    "explain_places",
    "format_value",
    "moved",
    "parse_value",
    "rank",
    "score",
]
