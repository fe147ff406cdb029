"""English counts: one thing is not said as several, wherever the words come from."""

from __future__ import annotations

import pytest

from federation.findings import Finding
from web.language import _, speaking
from web.templating import environment
from web.wording import say


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "1 fault (1 shown); nothing was written. Correct it and run again"),
        (2, "2 faults (1 shown); nothing was written. Correct them and run again"),
    ],
)
def test_a_sentence_for_a_code_agrees_with_its_count(count, told):
    with speaking("en"):
        assert say("rank.refused", count=count, shown=1) == told


def test_a_count_that_was_made_text_before_counts_as_well():
    with speaking("en"):
        assert _("%(places)s 名", places="1") == "1 place"
        assert say(Finding("rank.cells", facts={"found": "1", "expected": 3})).startswith(
            "This line has 1 cell,"
        )


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 more line is not listed."), ("1,000", "1,000 more lines are not listed.")]
)
def test_a_template_agrees_with_its_count_and_stays_escaped(count, told):
    words = "{% trans count=count %}另有 {{ count }} 行没有列出。{% endtrans %}"
    with speaking("en"):
        assert environment().from_string(words).render(count=count) == told
        assert (
            environment().from_string("{{ _('%(places)s 名', places='<b>') }}").render() == "&lt;b&gt; places"
        )


def test_chinese_has_one_form():
    assert [_("%(places)s 名", places=count) for count in (1, 2)] == ["1 名", "2 名"]


def test_a_plural_names_its_count_first():
    """What `counted` relies on: the sentence for several begins its facts with a number."""
    with speaking("en"):
        assert say("state.field_too_small", approved=1, minimum=3).startswith("Only 1 competitor, fewer")
        assert say("scheme.panel_too_small", judges=1, needed=3) == "1 judge, at least 3 are needed"
