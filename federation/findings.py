"""What a check returns: a code, how grave it is, where, and the facts. Words for codes are made on the screens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint. `place` is a path, field or cell; `facts` are plain values a sentence can be made of."""

    code: str
    severity: Literal["error", "warning"] = "error"
    place: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those that block; the others must be answered with a reason."""
    return [finding for finding in findings if finding.severity == "error"]
