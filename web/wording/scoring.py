"""Words of score entry: what a cell cannot hold, who may write in it, choices, what was done."""

from web.language import N_

WORDS = {
    "not_found.sheet": N_("这个赛项没有评分表“%(sheet)s”，请从“录分”里选一张"),
    "not_found.dispute": N_("没有这处不一致，可能已经处理，请刷新评分表"),
    "not_found.entry": N_("这个组别里没有这名选手"),
    "not_found.piece": N_("这个组别里没有这个号"),
    "mark.value_above_maximum": N_(
        "%(number)s 的 %(aspect)s：%(typed)s 超过上限 %(maximum)s，请对照评分表改正"
    ),
    "mark.value_below_minimum": N_(
        "%(number)s 的 %(aspect)s：%(typed)s 低于下限 %(minimum)s，请对照评分表改正"
    ),
    "mark.value_off_step": N_(
        "%(number)s 的 %(aspect)s：%(typed)s 不是步长 %(step)s 的整倍数，请对照评分表改正"
    ),
    "mark.not_a_number": N_(
        "%(number)s 的 %(aspect)s：“%(typed)s” 不是数字，请填写分数，缺考填 Q，没有成绩就留空"
    ),
    "mark.too_many_decimals": N_("%(number)s 的 %(aspect)s：%(typed)s 的小数太长，请按步长 %(step)s 填写"),
    "mark.no_such_piece": N_("%(number)s 不在这个组别的参赛名单里，请核对参赛号"),
    "mark.no_such_column": N_("%(number)s 的 %(aspect)s：评分表里没有这一格，请刷新评分表"),
    "mark.cell_twice": N_("%(number)s 的 %(aspect)s：同一次粘贴里出现两次，请只留一个值"),
    "mark.reason_needed": N_("封榜后更正要写明理由，请填写更正理由"),
    "mark.not_yours": N_("%(name)s 的成绩由本竞赛的录分员录入，请用录分员账号登录"),
    "mark.frozen": N_("已经封榜，只有裁判长可以更正，请把要改的值报给裁判长"),
    "mark.closed": N_("现在不能录分，请等裁判长开放评分"),
    "dispute.settled": N_("这处不一致刚刚有人处理过，请看最新的值"),
    "standing.not_yours": N_("缺考、未完赛和取消资格由裁判长认定"),
    "done.marks_entered": N_("这一行已保存"),
    "done.dispute_settled": N_("已按选择保留，另一个值留在本格记录里"),
    "done.standing_set": N_("已记录"),
}
