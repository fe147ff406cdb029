"""Rendering: the Jinja environment, its filters, and `page`, which every handler returns."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import Request
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from markupsafe import Markup

from web import language, menu, wording
from web.assets import static
from web.formats import amount, clock, day, days, moment, named, points
from web.language import language_link, link
from web.settings import Settings

TEMPLATES = Path(__file__).parent / "templates"


class Page(Template):
    """A rendered template that also knows who reads, where, and under which settings."""

    def create_template_context(self, request: Request[Any, Any, Any]) -> dict[str, Any]:
        return {**super().create_template_context(request), **surroundings(request)}


def page(
    template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
) -> Page:
    """What a handler returns: `return page("contests/list.html", contests=found)`."""
    return Page(
        template, context=context, status_code=status, headers=dict(headers or {}), media_type="text/html"
    )


def see(path: str, **query: Any) -> Redirect:
    """Send the browser to another page after a form, in the reader's language.

    `see("/entries", done="done.entry_sent")` shows the words of that code at the top of the page.
    """
    return Redirect(link(path, **query), status_code=303)


def render(template: str, **context: Any) -> str:
    """Render outside a request, in the language set by `web.language.speaking`, for nobody in particular."""
    nobody = {"account": None, "path": "/", "query": "", "done": "", "settings": Settings()}
    return environment().get_template(template).render({**nobody, **context})


def viewer(request: Request[Any, Any, Any]) -> Any:
    """The signed-in account of a request, or None for a stranger."""
    return request.scope["state"].get("account")


def surroundings(request: Request[Any, Any, Any]) -> dict[str, Any]:
    return {
        "account": viewer(request),
        "path": request.scope["path"],
        "query": request.scope["query_string"].decode("latin-1"),
        "done": done_code(request.query_params.get("done", "")),
        "settings": request.app.state.settings,
    }


def done_code(asked: str) -> str:
    """The code of what was just done, when the address names one that has words."""
    return asked if asked.startswith("done.") and asked in wording.codes() else ""


def of_this_request(words: Callable[..., Any]) -> Callable[..., Any]:
    """As a filter that Jinja calls at each rendering: it computes a filter of a constant once, in one language."""

    @pass_context
    @wraps(words)
    def asked(_context: Context, *values: Any, **facts: Any) -> Any:
        return words(*values, **facts)

    return asked


@pass_context
def _said(context: Context, text: str, /, **facts: Any) -> str:
    """As Jinja's own, with the English form that the count among the facts asks for."""
    words = language.counted(text, facts)
    return (Markup(words) if context.eval_ctx.autoescape else words) % facts  # noqa: S704


@lru_cache(maxsize=1)
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False}
    made.install_gettext_callables(  # type: ignore[attr-defined]
        language.gettext, language.ngettext, newstyle=True
    )
    made.globals["gettext"] = made.globals["_"] = _said
    made.globals.update(
        link=link,
        language=language.language,
        language_link=language_link,
        static=static,
        menu=menu.entries,
        is_current=menu.is_current,
        new_sending=lambda: secrets.token_urlsafe(16),
    )
    filters = [named, points, amount, day, days, clock, moment, wording.say, wording.state]
    made.filters.update({one.__name__: of_this_request(one) for one in filters})
    return made


def engine() -> JinjaTemplateEngine:
    return JinjaTemplateEngine.from_environment(environment())
