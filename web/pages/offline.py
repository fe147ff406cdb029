"""What an installed page needs: the worker that keeps forms, the manifest, and the page shown without network."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from web.assets import asset, static
from web.language import _, link
from web.templating import Page, page


@get("/service-worker.js", sync_to_thread=False)
def worker() -> Response[bytes]:
    """At the root, so that it may look after every page; asked anew each time."""
    headers = {"cache-control": "no-cache", "service-worker-allowed": "/"}
    return Response(
        asset("js/service-worker.js").content, media_type="text/javascript; charset=utf-8", headers=headers
    )


@get("/manifest", sync_to_thread=False)
def manifest() -> Response[dict[str, Any]]:
    content = {
        "name": _("赛创 · 裁判评分"),
        "short_name": _("裁判评分"),
        "start_url": link("/judge"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#F2F6F5",
        "theme_color": "#12244A",
        "icons": [{"src": static("seal.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return Response(content, media_type="application/manifest+json")


@get("/offline", sync_to_thread=False)
def offline() -> Page:
    return page("judge/offline.html", headers={"cache-control": "no-cache"})


routes = [worker, manifest, offline]
