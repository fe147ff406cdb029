"""The chart of one square per studio, with its words: 6, 119, nearly 2,000, the exact number beside."""

from __future__ import annotations

from typing import Any

from studios import figures
from web.charts import units
from web.formats import amount
from web.language import _
from web.panels.views import View, tier_word

SEALS = {"national": ("n", "国"), "provincial": ("p", "省"), "municipal": ("m", "市"), "county": ("k", "县")}
GROUPS = (("national",), ("provincial",), ("municipal", "county"))


def approximately(number: int) -> str:
    """As reports write it: nearly a full thousand, or some hundreds and more; below 1,000 the number itself.

    >>> approximately(119), approximately(1993), approximately(2251), approximately(2000)
    ('119', '近 2,000', '2,200 余', '2,000')
    """
    if number < 1000 or number % 1000 == 0:
        return amount(number)
    above = -(-number // 1000) * 1000
    if (above - number) * 50 <= above:
        return _("近 %(number)s", number=amount(above))
    below = number // 100 * 100
    return amount(number) if below == number else _("%(number)s 余", number=amount(below))


def unit_chart(view: View) -> dict[str, Any]:
    """What the macro `unit_chart` draws."""
    counts = figures.by_tier(view.standing)
    drawn = units.drawing(counts)
    blocks = {block.tier: block for block in drawn.blocks}
    labels = []
    for tiers in GROUPS:
        present = [tier for tier in tiers if tier in blocks]
        if present:
            total = sum(counts[tier] for tier in present)
            words = approximately(total)
            labels.append(
                {
                    "left": round(blocks[present[0]].left / drawn.width * 100, 2),
                    "value": words,
                    "exact": "" if words == amount(total) else amount(total),
                    "href": view.studios(tier=tuple(present)),
                    "tiers": [_seal(tier) for tier in present],
                }
            )
    return {
        "width": drawn.width,
        "height": drawn.height,
        "words": _(
            "每一格代表一个工作室：全国示范型 %(national)s 个，省级 %(provincial)s 个，"
            "市级 %(municipal)s 个，县级 %(county)s 个",
            **{tier: amount(count) for tier, count in counts.items()},
        ),
        "labels": labels,
        "paths": [{"letter": SEALS[block.tier][0], "d": block.path} for block in drawn.blocks],
        "phone": [_narrow(view, tier, counts[tier]) for tier in blocks],
    }


def _seal(tier: str) -> dict[str, str]:
    letter, seal = SEALS[tier]
    return {"letter": letter, "seal": seal, "name": tier_word(tier)}


def _narrow(view: View, tier: str, count: int) -> dict[str, Any]:
    height, path = units.narrow(tier, count)
    return {
        **_seal(tier),
        "value": amount(count),
        "href": view.of_tier(tier),
        "height": height,
        "d": path,
    }
