"""The scheme of a board under marking, edited inside a trial as a browser without a script does it."""

from __future__ import annotations

import re

from contests import schemes
from federation.judging import Scheme
from tests.conftest import PASSWORD
from tests.contests.test_trials import a_scheme
from tests.web.sent_back import fields_of
from tests.web.test_programme_pages import sent
from tests.web.test_trials import TRIALS, cells, site  # noqa: F401  (site is a fixture)
from web.scheme_changes import Difference, differences

EDITOR = f"{TRIALS}/1/scheme"
METHOD = "stages.0.modules.0.aspects.0.panel.method"


async def post(site, do, form, path=EDITOR):  # noqa: F811
    return await site.post(path, data={**form, "do": do}, follow_redirects=False)


async def opened(site) -> dict[str, str]:  # noqa: F811
    """A trial and the fields of its scheme editor."""
    begun = await sent(site, TRIALS, title="不去极端分", then="scheme")
    assert begun == (303, EDITOR)
    return fields_of((await site.get(EDITOR)).text)


async def test_the_rule_is_edited_in_the_trial_and_stays_in_force_until_it_is_applied(site):  # noqa: F811
    form = await opened(site)
    assert form[METHOD] == "trimmed_mean"
    saved = await post(site, "save", {**form, METHOD: "mean"})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{TRIALS}/1?done=done.trial_changed")
    page = (await site.get(f"{TRIALS}/1")).text
    told = re.findall(r'<tr class="inset">(.*?)</tr>', page, re.DOTALL)
    assert [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in told] == [
        "模块 茶艺 · 评分点 茶艺 · 裁判合议 · 合成办法 去最高最低后平均 平均"
    ]
    assert [(row[0].split()[1], row[1], row[3]) for row in cells(page)] == [
        ("涂国强", "1 并列 → 2 并列", "8.00 → 7.00"),
        ("欧阳文", "3 → 2 并列", "7.00"),
        ("章丽娟", "1 并列 → 1", "8.00"),
    ]
    in_force = (await site.get("/work/event-categories/1/scheme.json")).text
    assert Scheme.from_json(in_force) == a_scheme()
    again = fields_of((await site.get(EDITOR)).text)
    assert again[METHOD] == "mean"


async def test_an_unchanged_scheme_is_nothing_to_try(site):  # noqa: F811
    refused = await post(site, "save", await opened(site))
    assert refused.status_code == 422
    assert "和现用的方案完全一样" in refused.text


async def test_a_fault_stays_in_the_editor_of_the_trial(site):  # noqa: F811
    form = await opened(site)
    refused = await post(site, "save", {**form, "total": "百"})
    assert refused.status_code == 422
    assert fields_of(refused.text)["total"] == "百"
    assert f'action="{EDITOR}"' in refused.text


async def test_a_second_window_does_not_overwrite_the_first(site):  # noqa: F811
    form = await opened(site)
    assert (await post(site, "save", {**form, METHOD: "mean"})).status_code == 303
    late = await post(site, "save", {**form, METHOD: "sum"})
    assert late.status_code == 409
    assert "刚刚被别人改过" in late.text
    assert fields_of(late.text)[METHOD] == "sum"


async def test_the_views_lead_back_to_the_trial(site):  # noqa: F811
    form = await opened(site)
    for view, words in (("preview", "裁判填的表"), ("text", "规则文本")):
        shown = await post(site, "check", {**form, METHOD: "mean"}, f"{EDITOR}/{view}")
        assert shown.status_code == 200
        assert words in shown.text
        assert f'formaction="{EDITOR}"' in shown.text
        assert f'formaction="{EDITOR}/trial"' not in shown.text
        back = fields_of(shown.text)
        assert (back[METHOD], back["seen"]) == ("mean", form["seen"])


async def test_a_decided_trial_tells_what_its_scheme_changed_and_opens_no_editor(site):  # noqa: F811
    form = await opened(site)
    await post(site, "save", {**form, METHOD: "mean"})
    page = (await site.get(f"{TRIALS}/1")).text
    [revision] = re.findall(r'name="revision" value="(\d+)"', page)
    await sent(site, f"{TRIALS}/1/apply", revision=revision, reason="第 3 次会议决定", confirmed="yes")
    decided = (await site.get(f"{TRIALS}/1")).text
    assert [[row[0], *row[1:3]] for row in cells(decided)] == [
        ["评分方案", "", "已修改"],
        ["模块 茶艺 · 评分点 茶艺 · 裁判合议 · 合成办法", "去最高最低后平均", "平均"],
    ]
    assert (await site.get(EDITOR)).status_code == 409


async def test_a_clerk_edits_no_scheme(site):  # noqa: F811
    form = await opened(site)
    await site.post("/sign-in", data={"login": "lufen1", "password": PASSWORD})
    assert (await site.get(EDITOR)).status_code == 403
    for path in (EDITOR, f"{EDITOR}/preview", f"{EDITOR}/text"):
        assert (await post(site, "save", form, path)).status_code == 403


def test_every_kind_of_difference_has_a_line():
    before = schemes.presets()["theory-practical"]
    document = before.to_json()
    theory, practical = document["stages"][0]["modules"]
    theory["weight"], practical["weight"] = "0.4", "0.6"
    document["stages"][0]["modules"].append({"id": "X", "title": "答辩", "maximum": 10, "weight": 1})
    document["tie_breaks"].reverse()
    document["award_lines"] = [document["award_lines"][1], document["award_lines"][0]]
    assert differences(before, Scheme.from_json(document)) == [
        Difference("模块 理论知识 · 权重", "0.3", "0.4"),
        Difference("模块 操作技能 · 权重", "0.7", "0.6"),
        Difference("模块 答辩", "—", "新增"),
        Difference("同分时依次比较", "模块分 操作技能；模块分 理论知识", "模块分 理论知识；模块分 操作技能"),
        Difference("奖项 三等奖", "有", "删去"),
        Difference("奖项 · 顺序", "一等奖、二等奖", "二等奖、一等奖"),
    ]


def test_only_equal_schemes_have_no_differences():
    presets = schemes.presets()
    for name, one in presets.items():
        for other, another in presets.items():
            assert (differences(one, another) == []) == (name == other)
