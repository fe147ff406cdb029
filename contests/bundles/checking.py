"""Checking a bundle: every byte, the chain, the digests, and what can be worked out again. Pure; never raises."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contests.boards.snapshots import ROWS
from contests.bundles.damage import Damage, apart, cell_of, opened
from contests.bundles.layout import Path, text_of
from contests.bundles.recounting import recounted
from contests.bundles.writing import FORMAT
from contests.publication import seal, sha256
from federation.audit import GENESIS, canonical
from federation.findings import Finding
from federation.judging.schemes import Scheme, SchemeError

Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
MOST_FAULTS = 50


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Withdrawn(_Shape):
    at: str
    by: str
    reason: str


class _Content(BaseModel):
    """What the checks read of a content; the rest is under the seal like everything."""

    model_config = ConfigDict(strict=True, extra="allow")

    edition: int
    kind: str
    entered: int
    fields: list[str]
    rows: list[list[Any]]
    columns: list[dict[str, Any]]
    criteria: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    stamp: dict[str, Any] | None = None


class _Publication(_Shape):
    number: int
    kind: str
    revision: int
    at: str
    actor: str
    reason: str
    withdrawn: _Withdrawn | None
    previous_hash: Hex
    hash: Hex
    content: _Content


class _SchemeText(_Shape):
    id: int
    edition: int
    sha256: Hex
    document: list[str]
    rules: dict[str, list[str]]
    rules_sha256: dict[str, Hex]


class _Bundle(_Shape):
    format: str
    edition: int
    about: dict[str, Any]
    schemes: list[_SchemeText]
    publications: list[_Publication]
    check: dict[str, Any]


@dataclass
class Verdict:
    """`faults`: what is wrong, each with its place. `checked`, `left_out`: what was and what could not be checked.

    `head`: hash of the newest publication, to be compared with the one on the site.
    """

    faults: list[Finding] = field(default_factory=list)
    checked: list[Finding] = field(default_factory=list)
    left_out: list[Finding] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    head: str = ""

    @property
    def holds(self) -> bool:
        return not self.faults


def check(data: bytes, head: str = "") -> Verdict:
    """Everything that can be said of a file of any bytes. `head`: the newest hash as the site shows it, if known."""
    verdict = Verdict()
    taken = opened(data)
    if taken.damages:
        verdict.faults += [_said(damage, taken.body) for damage in taken.damages]
        return verdict
    verdict.checked.append(Finding("bundle.lines", facts={"count": len(taken.body)}))
    try:
        document = json.loads(data)
        bundle = _Bundle.model_validate(document)
    except ValidationError as wrong:
        verdict.faults += [_misshapen(error) for error in wrong.errors()[:MOST_FAULTS]]
        return verdict
    except (ValueError, RecursionError):
        verdict.faults.append(Finding("bundle.not_json"))
        return verdict
    if bundle.format != FORMAT:
        verdict.faults.append(Finding("bundle.other_format", facts={"found": bundle.format[:60]}))
        return verdict
    if text_of({key: value for key, value in document.items() if key != "check"}) != data:
        verdict.faults.append(Finding("bundle.not_canonical"))
    verdict.about = bundle.about
    _schemes(bundle, verdict)
    _chain(bundle, document, verdict)
    if head and verdict.head != head.strip().lower():
        facts = {"expected": head.strip().lower(), "found": verdict.head}
        verdict.faults.append(Finding("bundle.other_head", facts=facts))
    if verdict.holds:
        _recount(bundle, verdict)
    return verdict


def _misshapen(error: Any) -> Finding:
    place = place_of(tuple(error["loc"]))
    return Finding("bundle.misshapen", place=place, facts={"where": place, "reason": error["msg"][:120]})


def _schemes(bundle: _Bundle, verdict: Verdict) -> None:
    for scheme in bundle.schemes:
        place = f"schemes[{scheme.edition}]"
        _digest(verdict, f"{place}.document", "\n".join(scheme.document), scheme.sha256)
        for language in sorted({*scheme.rules, *scheme.rules_sha256}):
            text = "\n".join(scheme.rules.get(language, []))
            _digest(verdict, f"{place}.rules.{language}", text, scheme.rules_sha256.get(language, ""))
    verdict.checked.append(Finding("bundle.schemes", facts={"count": len(bundle.schemes)}))


def _digest(verdict: Verdict, place: str, text: str, expected: str) -> None:
    if (found := sha256(text)) != expected:
        facts = {"where": place, "expected": expected, "found": found}
        verdict.faults.append(Finding("bundle.digest_differs", place=place, facts=facts))


def _chain(bundle: _Bundle, document: Any, verdict: Verdict) -> None:
    previous = GENESIS
    known = {scheme.sha256 for scheme in bundle.schemes}
    unsealed = 0
    for at, one in enumerate(bundle.publications):
        expected: list[tuple[str, Any, Any]] = [
            ("number", at + 1, one.number),
            ("previous_hash", previous, one.previous_hash),
            ("hash", seal(one.previous_hash, canonical(document["publications"][at]["content"])), one.hash),
            ("kind", one.content.kind, one.kind),
        ]
        if one.content.stamp is not None:
            expected += _stamped(one, known)
        else:
            unsealed += 1
        for name, wanted, found in expected:
            if wanted != found:
                place = f"publication {at + 1}: {name}"
                facts = {"number": at + 1, "field": name, "expected": wanted, "found": found}
                verdict.faults.append(Finding("bundle.chain_differs", place=place, facts=facts))
        previous = one.hash
    verdict.head = previous if bundle.publications else ""
    verdict.checked.append(Finding("bundle.chain", facts={"count": len(bundle.publications)}))
    if unsealed:
        verdict.left_out.append(Finding("bundle.unstamped", facts={"count": unsealed}))
    if any(one.withdrawn for one in bundle.publications):
        verdict.left_out.append(Finding("bundle.withdrawals"))


def _stamped(one: _Publication, known: set[str]) -> list[tuple[str, Any, Any]]:
    """What stands beside the content has to say what its seal says."""
    stamp = one.content.stamp or {}
    scheme = stamp.get("scheme_sha256")
    return [
        ("number", stamp.get("number"), one.number),
        ("at", _instant(stamp.get("at")), _instant(one.at)),
        ("actor", stamp.get("actor"), one.actor),
        ("reason", stamp.get("reason"), one.reason),
        ("scheme", scheme, scheme if scheme in known else "—"),
    ]


def _instant(text: Any) -> str:
    """One spelling of a moment, whichever offset it was written with."""
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return str(text)


def _recount(bundle: _Bundle, verdict: Verdict) -> None:
    for one in bundle.publications:
        content = one.content.model_dump()
        if fault := _unreadable(content):
            facts = {"number": one.number, "field": fault, "expected": "", "found": ""}
            verdict.faults.append(Finding("bundle.chain_differs", facts=facts))
            continue
        try:
            found = recounted(content, _scheme_for(bundle, one))
        except (KeyError, TypeError, ValueError, ArithmeticError) as fault:
            facts = {"number": one.number, "reason": type(fault).__name__}
            verdict.faults.append(Finding("bundle.cannot_recount", facts=facts))
            continue
        for differs in found.differs[:MOST_FAULTS]:
            facts = {
                "number": one.number,
                "row": differs.row,
                "entry": differs.number,
                "field": differs.field,
                "expected": differs.expected,
                "found": differs.found,
            }
            verdict.faults.append(Finding("bundle.recount_differs", facts=facts))
        verdict.checked += [
            Finding(f"bundle.checked_{what}", facts={"number": one.number, "count": count})
            for what, count in found.checked.items()
        ]
        verdict.left_out += [
            Finding(f"bundle.left_out_{what}", facts={"number": one.number}) for what in found.left_out
        ]


def _unreadable(content: Mapping[str, Any]) -> str:
    """A field the recount needs that is not there, or a row of another length."""
    missing = [name for name in ROWS if name not in content["fields"]]
    if missing:
        return f"fields.{missing[0]}"
    width = len(content["fields"])
    return next((f"rows[{at}]" for at, row in enumerate(content["rows"], 1) if len(row) != width), "")


def _scheme_for(bundle: _Bundle, one: _Publication) -> Scheme | None:
    wanted = (one.content.stamp or {}).get("scheme_sha256")
    for scheme in bundle.schemes:
        if scheme.sha256 == wanted or (wanted is None and len(bundle.schemes) == 1):
            try:
                return Scheme.from_json("\n".join(scheme.document))
            except SchemeError:
                return None
    return None


def _said(damage: Damage, body: Sequence[bytes]) -> Finding:
    """One damage as a finding: the publication, the row and field where they are known, expected and found."""
    place = place_of(damage.path)
    facts: dict[str, Any] = {
        "line": damage.line,
        "where": place,
        "expected": _brief(damage.expected),
        "found": _brief(damage.found),
    }
    path = damage.path
    if damage.kind == "line" and len(path) == 5 and path[0] == "publications" and path[3] == "rows":
        fields = _fields(body, int(path[1]))
        facts |= {"number": int(path[1]) + 1, "row": int(path[4]) + 1, "entry": _entry(damage, fields)}
        cell = cell_of(damage.expected, apart(damage.expected, damage.found)) if damage.expected else None
        if damage.expected:
            facts |= _byte(damage.expected, damage.found)
        if cell is None or cell >= len(fields):
            return Finding("bundle.row_damaged", place=place, facts=facts)
        facts["field"] = fields[cell]
        return Finding("bundle.cell_damaged", place=f"{place}.{fields[cell]}", facts=facts)
    if damage.kind == "line" and damage.expected:
        facts |= _byte(damage.expected, damage.found)
    if damage.kind == "line" and len(path) > 1 and path[0] == "publications":
        facts |= {"number": int(path[1]) + 1, "part": place.partition(": ")[2] or "—"}
        known = "part" if damage.expected else "part_unknown"
        return Finding(f"bundle.damaged_{known}", place=place, facts=facts)
    code = damage.kind if damage.kind != "line" else "line" if damage.expected else "line_unknown"
    return Finding(f"bundle.damaged_{code}", place=place or f"line {damage.line}", facts=facts)


def _byte(expected: str, found: str) -> dict[str, Any]:
    """Where two lines differ, with a little on both sides."""
    at = apart(expected, found)
    start = max(0, at - 12)
    return {"expected": expected[start : at + 12], "found": found[start : at + 12]}


def _brief(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}…"


def _fields(body: Sequence[bytes], publication: int) -> list[str]:
    """The names of the columns of one publication, read from its intact lines."""
    seen, inside = -1, False
    fields: list[str] = []
    for line in body:
        text = line.decode("utf-8", "replace")
        if text == '"content":{':
            seen += 1
        elif seen == publication and text == '"fields":[':
            inside = True
        elif inside:
            if text in ("],", "]"):
                return fields
            fields.append(text.rstrip(",").strip('"'))
    return fields


def _entry(damage: Damage, fields: Sequence[str]) -> str:
    """The entry's number in a damaged row, from whichever of the two can be read."""
    for text in (damage.expected, damage.found):
        try:
            row = json.loads(text.rstrip(","))
            return str(row[fields.index("number")])
        except (ValueError, IndexError, TypeError, KeyError):
            continue
    return "?"


def place_of(path: Path) -> str:
    """publications[1].content.rows[4] → "publication 2: content.rows[5]": counted from 1, as people do."""
    if not path:
        return ""
    said = ""
    for step in path:
        if isinstance(step, int):
            said += f"[{step + 1}]"
        else:
            said += f".{step}" if said else str(step)
    if said.startswith("publications["):
        number, _bracket, rest = said.removeprefix("publications[").partition("]")
        return f"publication {number}" + (f": {rest.lstrip('.')}" if rest else "")
    return said
