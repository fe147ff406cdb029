"""The arithmetic of judging: marks and a scheme in, an explained board out. Pure: frames to frames, no I/O.

scheme = Scheme.from_json(document)
outcome = rank(scheme, marks, entries)
outcome.places, outcome.scores
explain(outcome, entry), explain_place(outcome, entry)
"""

from federation.judging.explanation import Explanation, Reason, explain, explain_place
from federation.judging.frames import ENTRIES, MARKS, PLACES, SCALE, SCORES, FrameError
from federation.judging.ranking import Outcome, rank, score
from federation.judging.schemes import Scheme, SchemeError
from federation.judging.values import check_value, format_value, parse_value

__all__ = [
    "ENTRIES",
    "MARKS",
    "PLACES",
    "SCALE",
    "SCORES",
    "Explanation",
    "FrameError",
    "Outcome",
    "Reason",
    "Scheme",
    "SchemeError",
    "check_value",
    "explain",
    "explain_place",
    "format_value",
    "parse_value",
    "rank",
    "score",
]
