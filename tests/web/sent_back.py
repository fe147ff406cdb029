"""What a browser without a script sends back for a form on a page."""

from __future__ import annotations

from html.parser import HTMLParser


def fields_of(text: str, form: str = "editor") -> dict[str, str]:
    """Names and values of the form with this id, without its buttons."""
    reader = _Form(form)
    reader.feed(text)
    return reader.sent


class _Form(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside = form, False
        self.sent: dict[str, str] = {}
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form
        elif not self.inside:
            return
        elif tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.sent[given["name"]] = given.get("value", "")
        elif tag == "select":
            self.select = given["name"]
            self.sent[self.select] = ""
        elif tag == "option" and "selected" in given:
            self.sent[self.select] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
