"""证书: how they look, making them in bulk, each one's file, replacing and revoking."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from contests import programme
from contests.awards.listing import award_list
from contests.certificates import batches, standing
from contests.certificates.settings import adopt_settings, beginning, settings_of
from contests.forms.certificates import SettingsForm
from contests.rules import may_decide_awards, may_see_awards
from contests.states import today
from federation.findings import Finding
from federation.refusals import Conflict, Invalid, Refusal
from web.certificate_worker import certificate_worker
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_, _
from web.menu import Door
from web.reports.certificates import certificate_pdf, certificates_pdf
from web.templating import Page, page, see

Asking = Request[Any, Any, Any]
OF_CATEGORY = "/work/event-categories/{event_category:int}/certificates"
SETTINGS = "/work/contests/{code:str}/certificates"
BATCH = "/work/certificates/batches/{batch:int}"
ONE = "/work/certificates/{certificate:int}"


@get(OF_CATEGORY, guards=[signed_in])
async def show(event_category: FromPath[int], request: Asking) -> Page:
    return await _page(request, event_category)


async def _page(request: Asking, event_category: int, filled: Filled | None = None) -> Page:
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_see_awards)
    certificates = await standing.certificates_of(person, event_category)
    try:
        awards = await award_list(event_category)
    except Conflict:
        awards = None
    held = {one["entry"] for one in certificates if one["state"] in batches.ANSWERED}
    without = [one for one in awards.awarded if one["entry"] not in held] if awards else []
    return page(
        "certificates/list.html",
        status=422 if filled else 200,
        about=row,
        awards=awards,
        without=len(without),
        certificates=certificates,
        settings_row=await settings_of(row["contest"]),
        batches=[
            one
            for one in await standing.batches_of(row["contest"])
            if one["event_category"] in (None, event_category)
        ],
        may=may_decide_awards(person, row["ground"]),
        form=filled or Filled(),
    )


@post(OF_CATEGORY, guards=[signed_in], status_code=200)
async def begin(event_category: FromPath[int], request: Asking) -> Page | Redirect:
    """Make the certificates that are missing here, or with `all` in the whole contest."""
    form = await request.form()
    row = await programme.event_category_for(viewer(request), event_category, may_decide_awards)
    try:
        batch = await batches.start(
            viewer(request),
            row["contest_code"],
            None if form.get("all") else event_category,
            sending=str(form.get("sending", "")) or None,
        )
    except Invalid as refused:
        return await _page(request, event_category, Filled({}, refused.findings))
    request.app.state.certificate_worker.wake.set()
    return see(f"/work/certificates/batches/{batch}")


@get(SETTINGS, guards=[signed_in])
async def show_settings(code: FromPath[str], request: Asking) -> Page:
    contest = await programme.contest_for(viewer(request), code, may_decide_awards)
    return await _settings_page(request, contest, None)


async def _settings_page(request: Asking, contest: dict[str, Any], filled: Filled | None) -> Page:
    address = f"{str(request.base_url).rstrip('/')}/certificates"
    issuer = request.app.state.settings.owner
    held = await beginning(contest, address, issuer, today())
    return page(
        "certificates/settings.html",
        status=422 if filled else 200,
        contest=contest,
        held=held,
        sample=date(contest["year"], 1, 1),
        form=filled or Filled(held),
    )


@post(SETTINGS, guards=[signed_in], status_code=200)
async def keep_settings(code: FromPath[str], request: Asking) -> Page | Redirect:
    sent = await request.form()
    contest = await programme.contest_for(viewer(request), code, may_decide_awards)
    model, form = read_form(SettingsForm, sent)
    if model is not None:
        try:
            await adopt_settings(viewer(request), code, model, sending=str(sent.get("sending", "")) or None)
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        except Conflict as refused:
            form = form.with_findings([Finding(refused.code, place="number_pattern")])
        else:
            return see(f"/work/contests/{code}/certificates", done="done.certificate_settings")
    return await _settings_page(request, contest, form)


@get(BATCH, guards=[signed_in])
async def show_batch(batch: FromPath[int], request: Asking) -> Page:
    return await _batch_page(request, batch, "certificates/batch.html")


@get(BATCH + "/progress", guards=[signed_in])
async def batch_progress(batch: FromPath[int], request: Asking) -> Page:
    """The part of the page that moves while certificates are made."""
    return await _batch_page(request, batch, "certificates/_progress.html")


async def _batch_page(request: Asking, batch: int, template: str) -> Page:
    row = await batches.batch_for(viewer(request), batch)
    return page(
        template,
        batch=row,
        progress=await batches.progress(batch),
        failed=await standing.certificates_of_batch(batch, "failed"),
        back=row["event_category"],
    )


@post(BATCH + "/{verb:str}", guards=[signed_in], status_code=303)
async def turn_batch(batch: FromPath[int], verb: FromPath[str], request: Asking) -> Redirect:
    """`stop` or `resume`."""
    if verb == "stop":
        await batches.stop(viewer(request), batch)
    else:
        await batches.resume(viewer(request), batch)
        request.app.state.certificate_worker.wake.set()
    return see(f"/work/certificates/batches/{batch}")


@get(BATCH + "/pdf", guards=[signed_in])
async def batch_pdf(batch: FromPath[int], request: Asking) -> Response[bytes]:
    """All valid certificates of a batch in one file, a page each."""
    row = await batches.batch_for(viewer(request), batch)
    found = await standing.certificates_of_batch(batch, "valid")
    if not found:
        raise Conflict("certificate.none_made")
    content = await asyncio.to_thread(certificates_pdf, [one["printed"] for one in found])
    return _pdf(content, _("证书") + f" {row['contest_code']}-{batch}")


@get(ONE + "/pdf", guards=[signed_in])
async def one_pdf(certificate: FromPath[int], request: Asking) -> Response[bytes]:
    """One certificate, made again from what was frozen."""
    row = await standing.certificate_for(viewer(request), certificate)
    if row["state"] != "valid" or not row["sound"]:
        raise Conflict("certificate.not_valid")
    content = await asyncio.to_thread(certificate_pdf, row["printed"])
    return _pdf(content, row["number"])


def _pdf(content: bytes, name: str) -> Response[bytes]:
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}.pdf",
        "cache-control": "private, no-store",
    }
    return Response(content, media_type="application/pdf", headers=headers)


@get(ONE, guards=[signed_in])
async def show_one(certificate: FromPath[int], request: Asking) -> Page:
    return await _one_page(request, certificate, None)


async def _one_page(request: Asking, certificate: int, filled: Filled | None) -> Page:
    row = await standing.certificate_for(viewer(request), certificate)
    values = {"name": row["printed"]["name"], "organisation": row["printed"]["organisation"]}
    return page(
        "certificates/one.html",
        status=422 if filled else 200,
        one=row,
        about=row["about"],
        may=may_decide_awards(viewer(request), row["about"]["ground"]),
        form=filled or Filled(values),
    )


@post(ONE, guards=[signed_in], status_code=200)
async def change_one(certificate: FromPath[int], request: Asking) -> Page | Redirect:
    """`do`: revoke, replace, renew (after a revocation) or amend, with a reason."""
    form = await request.form()
    typed = {str(name): value for name, value in form.items() if isinstance(value, str)}
    reason, name, do = typed.get("reason", ""), typed.get("name", ""), typed.get("do", "")
    sending = typed.get("sending") or None
    person = viewer(request)
    target = certificate
    try:
        if do == "revoke":
            await standing.revoke(person, certificate, reason, sending=sending)
        elif do in ("replace", "renew"):
            organisation = typed.get("organisation", "")
            target = await standing.replace(
                person, certificate, reason, name=name, organisation=organisation, sending=sending
            )
        elif do == "amend":
            await standing.amend(person, certificate, name, reason, sending=sending)
    except Invalid as refused:
        return await _one_page(request, certificate, Filled(typed, refused.findings))
    except Conflict as refused:
        return await _one_page(request, certificate, Filled(typed, [_at_reason(refused)]))
    request.app.state.certificate_worker.wake.set()
    return see(f"/work/certificates/{target}", done=f"done.certificate_{do}")


def _at_reason(refused: Refusal) -> Finding:
    return Finding(refused.code, place="reason", facts=refused.facts)


routes = [
    show,
    begin,
    show_settings,
    keep_settings,
    show_batch,
    batch_progress,
    turn_batch,
    batch_pdf,
    one_pdf,
    show_one,
    change_one,
]

lifespan = [certificate_worker]

doors = [
    Door(
        "/work/event-categories/{id}/certificates",
        N_("证书"),
        N_("成批制作、下载、换发和撤销获奖证书"),
        may_see_awards,
        ("final", "archived"),
        210,
    )
]
