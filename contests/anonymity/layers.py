"""The layers of coding (加密): setting them up, drawing each, and opening them in reverse order (解密).

Each layer is held by one person, who alone sees it until it is opened. Opening waits for the chief referee's lock and
for two witnesses; an attempt before that is refused and leaves its own line in the trail.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from contests.anonymity import checking_in
from contests.anonymity.lots import piece_numbers, seated, workstations
from contests.forms.coding import CodingForm
from contests.locks import signed_off
from contests.programme import event_category_for, touch
from contests.rules import may_code, may_organise, may_witness
from contests.tables import CodingLayer, Entry, EventCategory, Piece, Witness
from federation import privacy
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding
from federation.notices import MarksMoved
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound
from federation.tables import Account, Grant

WITNESSES = 2
LOCKED = ("frozen",)
MARKING_ROLES = ("clerk", "judge")
"""Whoever marks holds no layer."""


async def layers_of(event_category: int) -> list[dict[str, Any]]:
    """The layers in order with the name of their holder and their `witnesses`; never what is sealed."""
    rows = (
        await CodingLayer.select(
            *CodingLayer.all_columns(exclude=[CodingLayer.sealed]),
            CodingLayer.holder.display_name.as_alias("holder_name"),
        )
        .where(CodingLayer.event_category == event_category)
        .order_by(CodingLayer.layer)
    )
    seen = (
        await Witness.select()
        .where(Witness.layer.is_in([row["id"] for row in rows] or [0]))
        .order_by(Witness.id)
    )
    return [{**row, "witnesses": [one for one in seen if one["layer"] == row["id"]]} for row in rows]


async def possible_holders(event_category: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Accounts that are anonymising referees here and mark nothing here."""
    rows = await Grant.select(
        Grant.account, Grant.role, Grant.scope, Grant.scope_id, Grant.account.display_name.as_alias("name")
    ).where(Grant.role.is_in(["anonymiser", *MARKING_ROLES]) & Grant.account.disabled_at.is_null())
    here = [
        row
        for row in rows
        if row["scope"] in ("all", "union")
        or (row["scope"], row["scope_id"])
        in (("contest", event_category["contest"]), ("event", event_category["id"]))
    ]
    marking = {row["account"] for row in here if row["role"] in MARKING_ROLES}
    found = {row["account"]: row["name"] for row in here if row["role"] == "anonymiser"}
    return [{"id": key, "name": name} for key, name in found.items() if key not in marking]


async def set_up(viewer: Viewer, event_category: int, form: CodingForm, sending: str | None = None) -> None:
    """Say how many layers there are and who holds each, before anything is drawn.

    Raises NotFound, Forbidden, Conflict (already drawn), Invalid (a holder missing, twice, or not to be had).
    """
    row = await event_category_for(viewer, event_category, may_organise)
    known = {one["id"] for one in await possible_holders(row)}
    findings = []
    for layer, holder in enumerate(form.holders, 1):
        place = f"holder_{layer}"
        if holder is None:
            findings.append(Finding("coding.holder_missing", place=place, facts={"layer": layer}))
        elif holder not in known:
            findings.append(Finding("coding.holder_unfit", place=place, facts={"layer": layer}))
        elif holder in form.holders[: layer - 1]:
            findings.append(Finding("coding.holder_twice", place=place, facts={"layer": layer}))
    if findings:
        raise Invalid(findings)
    try:
        async with change(
            viewer.actor, "coding.set_up", f"event_category:{event_category}", sending=sending
        ) as act:
            await touch(event_category)
            row = await event_category_for(viewer, event_category, may_organise)
            if row["state"] not in ("planned", "open", "closed", "drawn"):
                raise Conflict("coding.too_late", state=row["state"])
            here = CodingLayer.event_category == event_category
            if await CodingLayer.exists().where(here & CodingLayer.drawn_at.is_not_null()):
                raise Conflict("coding.drawn_already")
            await CodingLayer.delete().where(here)
            for layer, holder in enumerate(form.holders, 1):
                await CodingLayer.insert(
                    CodingLayer(
                        event_category=event_category,
                        layer=layer,
                        holder=holder,
                        apart=form.apart,
                        stations=form.stations,
                        basis=form.basis,
                    )
                )
            await EventCategory.update({EventCategory.coding: form.layers}).where(
                EventCategory.id == event_category
            )
            act.record(layers=form.layers, apart=form.apart, stations=form.stations, basis=form.basis)
    except AlreadyDone:
        return


async def draw(viewer: Viewer, event_category: int, layer: int, sending: str | None = None) -> None:
    """Draw a layer: its holder's act, layer after layer, once everybody is checked in. The last makes the pieces.

    Raises NotFound, Forbidden (not the holder), Conflict (out of turn) and Invalid (who is not checked in yet).
    """
    await _held(viewer, event_category, layer)
    try:
        async with change(
            viewer.actor, "coding.draw", f"event_category:{event_category}", sending=sending
        ) as act:
            revision = await touch(event_category)
            row, own = await _held(viewer, event_category, layer)
            if row["state"] != "drawn" or own["drawn_at"] is not None:
                raise Conflict("coding.not_now", state=row["state"])
            before = [one for one in await layers_of(event_category) if one["layer"] < layer]
            if any(one["drawn_at"] is None for one in before):
                raise Conflict("coding.out_of_turn")
            people = await checking_in.listed(event_category)
            waiting = [one["number"] for one in people if not one["outcome"]]
            if waiting:
                facts = {"waiting": len(waiting), "numbers": waiting[:8]}
                raise Invalid([Finding("coding.not_checked_in", facts=facts)])
            seed = secrets.token_hex(16)
            drawn = await _drawn(event_category, own, people, seed)
            await _seal(act, own["id"], seed, drawn)
            if layer == row["coding"]:
                await Piece.insert(
                    *[
                        Piece(event_category=event_category, number=number)
                        for number in sorted(drawn.values())
                    ]
                )
            act.record(layer=layer, numbers=len(drawn))
            act.tell(MarksMoved(event_category, revision))
    except AlreadyDone:
        return


async def _drawn(
    event_category: int, own: Mapping[str, Any], people: list[dict[str, Any]], seed: str
) -> dict[str, str]:
    """What this layer gives for what the one before gave: entry id → entry number → workstation → piece number."""
    came = [one for one in people if one["outcome"] in checking_in.CAME]
    if not came:
        raise Conflict("coding.nobody_came")
    if own["layer"] == 1:
        return {str(one["entry"]): one["number"] for one in came}
    if own["layer"] == 2:
        units = {one["number"]: one["delegation"] for one in came}
        return workstations(seated(units, seed, apart=own["apart"]), own["stations"])
    places = (await _sealed(event_category, own["layer"] - 1))["drawn"].values()
    return piece_numbers(seated(dict.fromkeys(places, ""), seed, apart=False))


async def _seal(act: Change, layer: int, seed: str, drawn: Mapping[str, str]) -> None:
    text = json.dumps({"seed": seed, "drawn": drawn}, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    await CodingLayer.update(
        {
            CodingLayer.sealed: privacy.encrypt(text, purpose="coding"),
            CodingLayer.seal_hash: digest,
            CodingLayer.drawn_at: act.at,
        }
    ).where(CodingLayer.id == layer)
    act.record(seal=digest)


async def _sealed(event_category: int, layer: int) -> dict[str, Any]:
    row = (
        await CodingLayer.select(CodingLayer.sealed)
        .where((CodingLayer.event_category == event_category) & (CodingLayer.layer == layer))
        .first()
    )
    if row is None or row["sealed"] is None:
        raise Conflict("coding.not_drawn")
    found: dict[str, Any] = json.loads(privacy.decrypt(bytes(row["sealed"]), purpose="coding"))
    return found


async def envelopes(viewer: Viewer, event_category: int, layer: int) -> list[tuple[str, str]]:
    """(number, new number) of a layer for its holder; every look leaves a line in the trail.

    The first layer is the list of entry numbers, which check-in knows. Raises NotFound, Forbidden, Conflict.
    """
    await _held(viewer, event_category, layer)
    drawn = (await _sealed(event_category, layer))["drawn"]
    async with change(viewer.actor, "coding.look", f"event_category:{event_category}", layer=layer):
        pass
    if layer == 1:
        return [(number, "") for number in sorted(drawn.values())]
    return sorted(drawn.items())


async def stand_by(viewer: Viewer, event_category: int, layer: int, sending: str | None = None) -> None:
    """Be a witness to the opening of a layer. Raises NotFound, Forbidden, Conflict (not this layer's turn)."""
    row = await event_category_for(viewer, event_category, may_witness)
    own = await _turn(row, layer)
    if own["holder"] == viewer.id:
        raise Forbidden("coding.holder_is_no_witness")
    try:
        async with change(
            viewer.actor, "coding.witness", f"event_category:{event_category}", sending=sending
        ) as act:
            await touch(event_category)
            await _turn(await event_category_for(viewer, event_category, may_witness), layer)
            await Witness.insert(
                Witness(layer=own["id"], account=viewer.id, actor=viewer.actor.name, at=act.at)
            ).on_conflict(target=(Witness.layer, Witness.account), action="DO NOTHING")
            act.record(layer=layer)
    except AlreadyDone:
        return


async def open_layer(viewer: Viewer, event_category: int, layer: int, sending: str | None = None) -> None:
    """Open a layer, the last one first; opening the first says whose piece is whose.

    Raises NotFound, Forbidden (not the holder), Conflict (no lock, out of turn, too few witnesses); each such attempt
    is kept in the trail.
    """
    row, own = await _held(viewer, event_category, layer)
    try:
        await _ready(row, layer)
    except Conflict as refused:
        subject = f"event_category:{event_category}"
        async with change(viewer.actor, "coding.open_refused", subject, layer=layer, why=refused.code):
            pass
        raise
    try:
        async with change(
            viewer.actor, "coding.open", f"event_category:{event_category}", sending=sending
        ) as act:
            revision = await touch(event_category)
            row, own = await _held(viewer, event_category, layer)
            witnesses = await _ready(row, layer)
            text = privacy.decrypt(bytes(own["sealed"]), purpose="coding")
            opened = (
                await CodingLayer.update(
                    {
                        CodingLayer.opened: text,
                        CodingLayer.opened_at: act.at,
                        CodingLayer.opened_by: viewer.actor.name,
                    }
                )
                .where((CodingLayer.id == own["id"]) & CodingLayer.opened_at.is_null())
                .returning(CodingLayer.id)
            )
            if not opened:
                raise Conflict("coding.opened_already")
            if layer == 1:
                await _link(act, event_category)
            act.record(layer=layer, witnesses=witnesses)
            act.tell(MarksMoved(event_category, revision))
    except AlreadyDone:
        return


async def _ready(row: Mapping[str, Any], layer: int) -> list[str]:
    """Names of the witnesses, when nothing speaks against opening this layer."""
    own = await _turn(row, layer)
    if len(own["witnesses"]) < WITNESSES:
        raise Conflict("coding.witnesses_missing", there=len(own["witnesses"]), needed=WITNESSES)
    return [one["actor"] for one in own["witnesses"]]


async def _turn(row: Mapping[str, Any], layer: int) -> dict[str, Any]:
    """The layer, when it is the next to be opened after the lock."""
    layers = await layers_of(row["id"])
    own = next((one for one in layers if one["layer"] == layer), None)
    if own is None:
        raise NotFound("coding_layer", layer=layer)
    if row["state"] not in LOCKED:
        raise Conflict("coding.not_locked", state=row["state"])
    if await signed_off(row):
        raise Conflict("coding.not_signed_off")
    if own["opened_at"] is not None:
        raise Conflict("coding.opened_already")
    if any(one["opened_at"] is None for one in layers if one["layer"] > layer):
        raise Conflict("coding.out_of_turn")
    return own


async def _link(act: Change, event_category: int) -> None:
    """Follow the layers from every person to a piece, and write it down."""
    layers = await layers_of(event_category)
    maps = [json.loads(one["opened"])["drawn"] for one in layers]
    pieces = {
        row["number"]: row["id"]
        for row in await Piece.select(Piece.id, Piece.number).where(Piece.event_category == event_category)
    }
    for entry, number in maps[0].items():
        for drawn in maps[1:]:
            number = drawn[number]  # noqa: PLW2901
        await Entry.update({Entry.piece: pieces[number]}).where(Entry.id == int(entry))
    await EventCategory.update({EventCategory.decoded_at: act.at}).where(EventCategory.id == event_category)


async def _held(viewer: Viewer, event_category: int, layer: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Event category and layer, when the viewer is the one who holds it."""
    row = await event_category_for(viewer, event_category, may_code)
    own = (
        await CodingLayer.select()
        .where((CodingLayer.event_category == event_category) & (CodingLayer.layer == layer))
        .first()
    )
    if own is None:
        raise NotFound("coding_layer", layer=layer)
    if own["holder"] != viewer.id:
        raise Forbidden("coding.not_your_layer", layer=layer)
    return row, own


async def holder_names(event_category: int) -> dict[int, str]:
    """Display names of the holders by account."""
    ids = [one["holder"] for one in await layers_of(event_category) if one["holder"]]
    rows = await Account.select(Account.id, Account.display_name).where(Account.id.is_in(ids or [0]))
    return {row["id"]: row["display_name"] for row in rows}
