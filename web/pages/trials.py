"""Trials of a board: what would move if a mark, a judge or the rule were another; applied or discarded as a set."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from contests import programme, schemes, trials
from contests.rules import may_diagnose, may_referee
from federation.findings import Finding
from federation.judging.schemes import Scheme
from federation.refusals import Conflict, Invalid
from web.filled import Filled
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Door
from web.templating import Page, page, see
from web.trial_views import cells_of, changes_of, trial_view

Asking = Request[Any, Any, Any]
HERE = "/work/boards/{event_category:int}/trials"


@get(HERE, guards=[signed_in])
async def all_trials(event_category: FromPath[int], request: Asking) -> Page:
    return await _list(request, event_category)


async def _list(request: Asking, event_category: int, filled: Filled | None = None) -> Page:
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_diagnose)
    return page(
        "boards/trials.html",
        status=422 if filled else 200,
        about=row,
        trials=await trials.trials_of(person, event_category),
        may=may_referee(person, row["ground"]),
        form=filled or Filled(),
    )


@post(HERE, guards=[signed_in], status_code=200)
async def begin(event_category: FromPath[int], request: Asking) -> Page | Redirect:
    """A trial with a title. `scheme` may hold a scheme's document; `then`=scheme goes on to the editor."""
    form = await request.form()
    title, document = str(form.get("title", "")), str(form.get("scheme", ""))
    try:
        scheme = schemes.from_document(document) if document.strip() else None
        opened = await trials.open_trial(
            viewer(request), event_category, title, scheme, sending=str(form.get("sending", "")) or None
        )
    except Invalid as refused:
        return await _list(request, event_category, Filled({"title": title}, refused.findings))
    here = f"/work/boards/{event_category}/trials/{opened}"
    return see(f"{here}/scheme") if form.get("then") == "scheme" else see(here, done="done.trial_opened")


@get(HERE + "/{trial:int}", guards=[signed_in])
async def show(event_category: FromPath[int], trial: FromPath[int], request: Asking) -> Page:
    return await _one(request, event_category, trial)


async def _one(request: Asking, event_category: int, trial: int, filled: Filled | None = None) -> Page:
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_diagnose)
    kept = await trials.the_trial(person, event_category, trial)
    found = await trials.tried(person, event_category, kept["set"])
    return page(
        "boards/trial.html",
        status=422 if filled else 200,
        about=row,
        trial=kept,
        found=found,
        changes=changes_of(kept["set"], found.gathered, await _scheme_before(row, kept, found)),
        view=trial_view(found) if kept["state"] == "open" else None,
        may=may_referee(person, row["ground"]) and kept["state"] == "open",
        cells=cells_of(kept["set"].scheme or found.gathered.scheme),
        judges=found.gathered.marks["judge"].unique().drop_nulls().sort().to_list(),
        presets=schemes.presets(),
        editions=await schemes.editions_of(schemes.code_for(row)),
        form=filled or Filled(),
    )


async def _scheme_before(row: dict[str, Any], kept: dict[str, Any], found: trials.Tried) -> Scheme:
    """What the trial's scheme is told against: the one in use, or the one that was when it was decided."""
    before = await schemes.edition_before(row, kept["decided_at"]) if kept["decided_at"] else None
    return before or found.gathered.scheme


@post(HERE + "/{trial:int}/changes", guards=[signed_in], status_code=200)
async def change_set(event_category: FromPath[int], trial: FromPath[int], request: Asking) -> Page | Redirect:
    """`do`: mark, judge, scheme, or remove:<kind>:<index>."""
    form = await request.form()
    typed = {str(name): value for name, value in form.items() if isinstance(value, str)}
    try:
        await _changed(request, event_category, trial, typed, form)
    except Invalid as refused:
        return await _one(request, event_category, trial, Filled(typed, refused.findings))
    return see(f"/work/boards/{event_category}/trials/{trial}", done="done.trial_changed")


async def _changed(
    request: Asking, event_category: int, trial: int, typed: dict[str, str], form: Any
) -> None:
    person, (do, _colon, rest) = viewer(request), typed.get("do", "").partition(":")
    assert person is not None
    if do == "mark":
        stage, _bar, aspect = typed.get("aspect", "").partition("|")
        attempt = typed.get("attempt", "")
        await trials.add_mark(
            person,
            event_category,
            trial,
            number=typed.get("number", ""),
            stage=stage,
            aspect=aspect,
            judge=typed.get("judge", ""),
            attempt=int(attempt) if attempt.isdecimal() and 0 < int(attempt) < 1000 else 1,
            text=typed.get("text", ""),
        )
    elif do == "judge":
        await trials.leave_out_judge(person, event_category, trial, typed.get("seat", ""))
    elif do == "scheme":
        await trials.use_scheme(person, event_category, trial, await _scheme(event_category, typed, form))
    elif do == "remove":
        kind, _colon, index = rest.partition(":")
        await trials.remove_change(
            person, event_category, trial, kind, int(index) if index.isdecimal() else -1
        )


async def _scheme(event_category: int, typed: dict[str, str], form: Any) -> Scheme:
    """An uploaded document, a preset ("preset:name") or an edition of this event category ("edition:id")."""
    file = form.get("file")
    if file is not None and getattr(file, "filename", ""):
        return schemes.from_document(await file.read())
    kind, _colon, chosen = typed.get("choice", "").partition(":")
    if kind == "preset" and chosen in schemes.presets():
        return schemes.presets()[chosen]
    row = await programme.event_category(event_category)
    own = {str(one["id"]) for one in await schemes.editions_of(schemes.code_for(row))}
    if kind == "edition" and chosen in own:
        return await schemes.edition(int(chosen))
    raise Invalid([Finding("trial.no_scheme_chosen", place="choice")])


@post(HERE + "/{trial:int}/{verb:str}", guards=[signed_in], status_code=200)
async def decide(
    event_category: FromPath[int], trial: FromPath[int], verb: FromPath[str], request: Asking
) -> Page | Redirect:
    """`apply` (confirmed, at the revision that was looked at) or `discard`, with a reason."""
    form = await request.form()
    person, reason = viewer(request), str(form.get("reason", ""))
    sending, revision = str(form.get("sending", "")) or None, str(form.get("revision", ""))
    assert person is not None
    try:
        if verb == "discard":
            await trials.discard_trial(person, event_category, trial, reason=reason, sending=sending)
            return see(f"/work/boards/{event_category}/trials", done="done.trial_discarded")
        if not form.get("confirmed"):
            raise Invalid([Finding("trial.not_confirmed", place="confirmed")])
        seen = int(revision) if revision.isdecimal() else -1
        await trials.apply_trial(person, event_category, trial, revision=seen, reason=reason, sending=sending)
    except Invalid as refused:
        return await _one(request, event_category, trial, Filled({"reason": reason}, refused.findings))
    except Conflict as refused:
        if refused.code != "trial.stale":
            raise
        again = [Finding("trial.stale", place="reason")]
        return await _one(request, event_category, trial, Filled({"reason": reason}, again))
    return see(f"/work/boards/{event_category}/trials/{trial}", done="done.trial_applied")


routes = [all_trials, begin, show, change_set, decide]

doors = [
    Door(
        "/work/boards/{id}/trials",
        N_("试算"),
        N_("改分、改方案或不计某名裁判会怎样；采用之前什么也不变"),
        may_diagnose,
        ("marking", "frozen", "provisional", "notice", "final", "archived"),
        80,
    )
]
