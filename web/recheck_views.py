"""A recheck as its papers read it: what to pull, and what was found."""

from __future__ import annotations

from typing import Any

from contests.recheck.reading import Listed
from contests.recheck.selection import percent
from contests.recheck.settings import measure_of
from web.formats import moment, named
from web.language import _
from web.reports.papers import Grid, Paper
from web.wording import say, state


def heading(found: Listed) -> str:
    about = found.about
    parts = (named(about, "contest_name"), named(about, "event_name"), say("category." + about["category"]))
    return " · ".join(parts)


def facts(found: Listed) -> list[tuple[str, str]]:
    """The rule and the lot: who reads them can repeat the draw."""
    row = found.row
    return [
        (_("抽取人"), f"{row['actor']} · {moment(row['at'], year=True)}"),
        (_("办法"), measure_words(found.measure)),
        (_("依据文件"), row["basis"] or "—"),
        (_("种子"), row["seed"]),
        (_("名单校验码"), f"SHA-256 {row['list_hash']}"),
    ]


def measure_words(rule: Any) -> str:
    """How much is looked at, by a rule, a list or a row of either."""
    measure = measure_of(rule)
    top = (
        _("前 %(count)s 名全部", count=measure.top_count)
        if measure.top_kind == "count"
        else _("前 %(share)s%% 全部", share=percent(measure.top_share))
    )
    return _(
        "%(top)s，其余至少抽 %(rest)s%%；出错超过 %(limit)s%% 全部复核",
        top=top,
        rest=percent(measure.rest_share),
        limit=percent(measure.fault_limit),
    )


def pull_paper(found: Listed) -> Paper:
    """The sheets to pull, with room for what is found."""
    rows = [
        [one.number, plan_title(one.plan), say(f"recheck_why.{one.row['why']}"), "", ""]
        for one in found.sheets
    ]
    return Paper(
        heading(found),
        _("第 %(number)s 次抽检 调取清单", number=found.row["number"]),
        _("只有作品号，没有姓名"),
        facts(found),
        [
            Grid(
                "",
                [_("作品"), _("评分表"), _("缘由"), _("相符"), _("不符的项、应为的值")],
                ["auto", "1fr", "auto", "auto", "2fr"],
                rows,
            )
        ],
        signs=[_("调取人"), _("复核人"), _("日期")],
    )


def report_paper(found: Listed) -> Paper:
    """What was found, what became of it, and whether everything was looked at."""
    row = found.row
    told = [
        *facts(found),
        (_("办理情况"), state(f"recheck.{row['state']}")[0]),
        (_("作品"), _("%(chosen)s 件，共 %(all)s 件", chosen=len(found.pieces()), all=row["pieces"])),
        (
            _("评分表"),
            _("已复核 %(done)s 份，共 %(all)s 份", done=found.done, all=len(found.sheets)),
        ),
        (_("差错率"), rate_words(found)),
    ]
    if row["widened_at"]:
        told.append((_("扩大"), widened_words(found)))
    if row["ended_at"]:
        told.append((_("结束"), f"{row['ended_by']} · {moment(row['ended_at'], year=True)}"))
    faults = [
        [
            one.number,
            plan_title(one.plan),
            cell_title(one.row, one.slot),
            one.stood or "—",
            one.right or "—",
            one.row["reason"],
            settled_words(one.row),
        ]
        for one in found.faults
    ]
    heads = [_("作品"), _("评分表"), _("评分点"), _("原录"), _("应为"), _("理由"), _("处理")]
    widths = ["auto", "1fr", "auto", "auto", "auto", "1.4fr", "1.4fr"]
    return Paper(
        heading(found),
        _("第 %(number)s 次抽检报告", number=row["number"]),
        _("只有作品号，没有姓名"),
        told,
        [Grid(_("差错与更正"), heads, widths, faults, _("没有差错"))],
        signs=[_("复核人"), _("裁判长"), _("监督仲裁")],
    )


def rate_words(found: Listed) -> str:
    return _(
        "%(wrong)s/%(sheets)s = %(rate)s%%，限 %(limit)s%%",
        wrong=found.wrong,
        sheets=len(found.sheets),
        rate=found.rate,
        limit=percent(found.measure.fault_limit),
    )


def widened_words(found: Listed) -> str:
    row = found.row
    return _(
        "%(at)s，%(sheets)s 份中有 %(wrong)s 份有错，超过限度，改为全部复核",
        at=moment(row["widened_at"], year=True),
        sheets=row["widened_sheets"],
        wrong=row["widened_wrong"],
    )


def plan_title(plan: object) -> str:
    return named(plan, "title") or _("整场扣分")


def cell_title(row: dict[str, object], slot: object) -> str:
    """Aspect, judge's seat and attempt of a fault."""
    aspect = getattr(slot, "aspect", None)
    parts = [named(aspect, "title") or str(row["aspect"])]
    parts += [_("裁判 %(judge)s", judge=row["judge"])] if row["judge"] else []
    parts += [_("第 %(number)s 轮", number=row["attempt"])] if row["attempt"] != 1 else []
    return " · ".join(parts)


def settled_words(row: dict[str, object]) -> str:
    word = state(f"recheck_fault.{row['state']}")[0]
    if row["state"] == "open":
        return word
    after = f"：{row['settled_reason']}" if row["settled_reason"] else ""
    version = _("（第 %(version)s 版）", version=row["mark_version"]) if row["mark_version"] else ""
    return f"{word}{version} · {row['settled_by']}{after}"
