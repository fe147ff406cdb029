"""Words of what is made of a scheme that is being edited: the judge's form, the trial on earlier marks."""

from web.language import N_

WORDS = {
    "scheme_preview.whole": N_("整场扣分"),
    "scheme_preview.full": N_("满分 %(points)s"),
    "scheme_preview.turn": N_("第 %(turn)s 轮"),
    "scheme_preview.factored": N_("另填难度系数，与得分相乘"),
    "scheme_preview.range": N_("%(low)s 到 %(high)s，最小 %(step)s"),
    "scheme_preview.range_from": N_("%(low)s 以上，最小 %(step)s"),
    "scheme_preview.range_upto": N_("%(high)s 以下，最小 %(step)s"),
    "scheme_preview.range_open": N_("不限，最小 %(step)s"),
    "scheme_preview.panel": N_("%(judges)s各自打分，%(method)s"),
    "scheme_preview.spread": N_("裁判之间相差不超过 %(points)s"),
    "scheme_preview.rule": N_("填测量值，系统换算成分数（%(kind)s）"),
    "scheme_preview.attempts_best": N_("共 %(of)s 轮，取最好的 %(count)s 轮"),
    "scheme_preview.attempts_sum": N_("共 %(of)s 轮，全部相加"),
    "scheme_preview.attempts_last": N_("共 %(of)s 轮，取最后一轮"),
    "scheme_preview.attempts_mean": N_("共 %(of)s 轮，去掉最好的 %(skip)s 轮，其后 %(count)s 轮平均"),
    "scheme_preview.each_points": N_("每记 1 扣 %(each)s 分"),
    "scheme_preview.each_percent": N_("每记 1 扣 %(each)s%%"),
    "scheme_preview.each_adjust": N_("每记 1 加 %(each)s 分，负数为减"),
    "scheme_preview.at_most": N_("最多 %(points)s"),
    "scheme_try.why.unknown": N_("新方案里没有"),
    "scheme_try.why.outside": N_("超出新方案的分值范围"),
    "scheme_try.why.attempts": N_("新方案只有一轮"),
    "scheme_try.why.judges": N_("几名裁判都打了分，新方案只录一个分"),
    "not_found.marks": N_("这个赛项组别还没有成绩"),
}
