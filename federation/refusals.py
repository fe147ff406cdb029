"""The few things a person can cause that end an act. Everything else is a defect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from federation.findings import Finding


class Refusal(Exception):
    """An act that is not carried out. `code` names the reason, `facts` fill its words in `web.wording`."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotFound(Refusal):
    """The thing does not exist, or does not exist for this account."""

    def __init__(self, what: str = "page", **facts: Any) -> None:
        super().__init__(f"not_found.{what}", **facts)


class Forbidden(Refusal):
    """The thing may be seen but this account may not do this to it."""


class Conflict(Refusal):
    """Somebody else changed the thing first, or its state does not allow the act."""


class Invalid(Refusal):
    """What was sent has errors; nothing was changed. `findings` has them all."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("invalid")
        self.findings = tuple(findings)


class AlreadyDone(Exception):
    """This sending was carried out before; `answer` is what was answered then."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__("already done")
        self.answer = answer
