"""All worked examples, in the order of the reference."""

from __future__ import annotations

from tests.federation.judging.reference.marking import MARKING
from tests.federation.judging.reference.placing import PLACING
from tests.federation.judging.reference.shapes import Example

EXAMPLES: tuple[Example, ...] = (*MARKING, *PLACING)
