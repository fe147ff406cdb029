"""Words of the diagnostics of a board."""

from web.language import N_

WORDS = {
    "panel_seat.unit_unknown": N_("裁判 %(judge)s：这个组别没有代表队 “%(value)s”，请从列表里选"),
    "panel_seat.judge_unknown": N_("没有裁判席 “%(judge)s” 的评分，请刷新页面再填"),
    "diagnostics.bad_sample": N_("样本和比例请填列出范围内的整数，已按默认值显示"),
    "not_found.judge_marks": N_("这个席位没有和别人并排的评分，请从诊断里选一名裁判"),
    "verdict.few": N_("样本不足，不下判断"),
    "verdict.usual": N_("没有看出差别"),
    "verdict.striking": N_("差别显著，请核查"),
    "untold.near_tie": N_("本方案把相近的总分算作并列，一个名次取决于所有人的分数，所以不逐个计算。"),
    "untold.countback": N_("本方案按得第一名的次数分先后，一个名次取决于所有人的分数，所以不逐个计算。"),
    "done.seats_saved": N_("已保存裁判所属的代表队，诊断已重新计算"),
}
