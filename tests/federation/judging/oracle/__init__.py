"""The scheme language once more: slow, plain, one entry and one fraction at a time.

Written from the words of `schemes.py` and `frames.py`, not from the engine, so that the two can disagree. Nothing
here is fast, nothing is shared with the engine but the dataclasses of the language.
"""

from tests.federation.judging.oracle.jury import judged
from tests.federation.judging.oracle.verdict import Verdict

__all__ = ["Verdict", "judged"]
