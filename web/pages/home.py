"""The front page."""

from litestar import get

from web.templating import Page, page


@get("/", sync_to_thread=False)
def home() -> Page:
    return page("home.html")


routes = [home]
