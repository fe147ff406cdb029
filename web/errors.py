"""Errors as pages in the reader's language, and as problem details under /api/. Never a stack trace."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound, Refusal
from web import wording
from web.language import N_, _
from web.seat_cookie import SeatGone
from web.templating import page, see, viewer

log = logging.getLogger("saichuang.errors")

# status → (what happened, what to do)
EXPLANATIONS = {
    400: (N_("这个请求不完整"), N_("退回上一页，检查填写的内容后再发送一次。")),
    401: (N_("登录已过期"), N_("在新窗口登录，再回到这里刷新或重新提交，已填写的内容还在。")),
    403: (N_("你没有权限做这件事"), N_("用有权限的账号登录，或者请本单位的管理员办理。")),
    404: (N_("没有这个页面"), N_("地址可能写错了，或者内容已经移走。从首页或上面的菜单进入。")),
    405: (N_("这个地址不接受这种请求"), N_("从页面上的按钮或链接进入。")),
    409: (N_("这项内容刚刚被别人改过"), N_("退回上一页，刷新后对照新的内容再改。")),
    413: (N_("发送的内容太大"), N_("把文件压缩或拆分后再上传。")),
    422: (N_("提交的内容有错"), N_("退回上一页，按提示改正后再提交。")),
    429: (N_("请求太频繁"), N_("等一分钟再试。")),
    500: (N_("服务器出了错"), N_("稍后再做一次，重复提交只记一次。还不行，就把下面的编号报给技术员。")),
    503: (N_("服务暂时停用"), N_("稍后再试。")),
}


class SignInNeeded(HTTPException):
    """The page is for people who signed in, and this reader has not, or not any more."""

    status_code = 401


def status_of(error: Exception) -> int:
    match error:
        case NotFound():
            return 404
        case Forbidden():
            return 403
        case Conflict():
            return 409
        case Refusal():
            return 422
        case HTTPException():
            return error.status_code
        case _:
            return 500


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The one exception handler of the application."""
    if isinstance(error, AlreadyDone) and "page" in error.answer:
        return see(error.answer["page"])
    if isinstance(error, SignInNeeded) and is_page_view(request):
        query = request.scope["query_string"].decode("latin-1")
        return see("/sign-in", next=request.scope["path"] + (f"?{query}" if query else ""))
    if isinstance(error, SeatGone) and not request.scope["path"].startswith("/api/"):
        return page("judge/gone.html", status=401, standing=error.standing, why=wording.say(error))
    status = 401 if isinstance(error, SeatGone) else status_of(error)
    code = f"SC-{status}"
    if status >= 500:
        code = f"{code}-{secrets.token_hex(3)}"
        log.error("%s %s %s", code, request.method, request.scope["path"], exc_info=error)
    if request.scope["path"].startswith("/api/"):
        return problem(request, error, status, code)
    title, remedy = EXPLANATIONS.get(status, EXPLANATIONS[500 if status >= 500 else 400])
    template = "errors/notice.html" if request.headers.get("hx-request") else "errors/page.html"
    headers = dict(getattr(error, "headers", None) or {}) | {"cache-control": "no-store"}
    return page(
        template,
        status=status,
        headers=headers,
        code=code,
        status_code=status,
        title=_(title),
        remedy=_(remedy),
        reason=reason_of(error),
        findings=getattr(error, "findings", ()),
        signed_in=viewer(request) is not None,
    )


def is_page_view(request: Request[Any, Any, Any]) -> bool:
    """A stranger who opens a page is sent to sign in and comes back; a form that was typed stays."""
    return (
        request.method == "GET"
        and not request.headers.get("hx-request")
        and not request.scope["path"].startswith("/api/")
    )


def reason_of(error: Exception) -> str:
    """The sentence of a refusal, or nothing when the status says it all."""
    if not isinstance(error, Refusal) or error.code in {"invalid", "not_found.page"}:
        return ""
    try:
        return wording.say(error)
    except wording.UnknownWords:
        log.error("no words for %s", error.code)
        return ""


def problem(
    request: Request[Any, Any, Any], error: Exception, status: int, code: str
) -> Response[dict[str, Any]]:
    """RFC 9457 problem details: `code` is stable, `errors` names each place and says the remedy."""
    title, remedy = EXPLANATIONS.get(status, EXPLANATIONS[500 if status >= 500 else 400])
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _(title),
        "status": status,
        "detail": reason_of(error) or _(remedy),
        "instance": request.scope["path"],
        "code": error.code if isinstance(error, Refusal) else code,
    }
    if isinstance(error, Invalid):
        body["errors"] = [
            {
                "code": found.code,
                "place": found.place,
                "severity": found.severity,
                "message": wording.say(found),
            }
            for found in error.findings
        ]
    elif isinstance(error, ValidationException) and isinstance(error.extra, list):
        body["errors"] = [
            {"place": one.get("key", ""), "message": one.get("message", "")} for one in error.extra
        ]
    headers = {"cache-control": "no-store"}
    return Response(body, status_code=status, media_type="application/problem+json", headers=headers)
