"""Words of the shell: errors, form fields, states of a contest, roles."""

from web.language import N_

STATES = {
    "planned": (N_("待开赛"), "plan"),
    "open": (N_("报名中"), "open"),
    "closed": (N_("报名截止"), "plan"),
    "drawn": (N_("已抽签"), "plan"),
    "marking": (N_("进行中"), "live"),
    "frozen": (N_("已封榜"), "frozen"),
    "provisional": (N_("成绩待公示"), "frozen"),
    "notice": (N_("公示中"), "notice"),
    "final": (N_("已结束"), "done"),
    "archived": (N_("已归档"), "done"),
}

WORDS = {
    "form.missing": N_("请填写这一项"),
    "form.too_long": N_("最多 %(limit)s 个字，现在有 %(length)s 个，请删短"),
    "form.too_short": N_("至少 %(limit)s 个字，请补充"),
    "form.not_a_number": N_("“%(value)s” 不是数字，请填写数字"),
    "form.too_large": N_("最大 %(limit)s，请改小"),
    "form.too_small": N_("最小 %(limit)s，请改大"),
    "form.not_a_date": N_("“%(value)s” 不是日期，请按 2026-11-23 的样子填写"),
    "form.not_a_choice": N_("“%(value)s” 不在可选范围内，请重新选择"),
    "form.not_the_shape": N_("“%(value)s” 的格式不对，请照提示填写"),
    "form.unusable": N_("“%(value)s” 不能用在这里，请改正"),
    "not_found.page": N_("没有这个页面，或者你没有权限看到它"),
    "forbidden.role": N_("这里只对这些身份开放：%(roles)s"),
    "cross_site": N_("这个请求是从别的网站发来的，没有执行"),
    "done.saved": N_("已保存"),
    "role.participant": N_("选手"),
    "role.leader": N_("领队"),
    "role.clerk": N_("录分员"),
    "role.judge": N_("裁判"),
    "role.chief_referee": N_("裁判长"),
    "role.supervisor": N_("监督员"),
    "role.checkin": N_("检录员"),
    "role.anonymiser": N_("加密裁判"),
    "role.floor_referee": N_("现场裁判"),
    "role.appeals_panel": N_("仲裁委员"),
    "role.organiser": N_("赛事组织者"),
    "role.officer": N_("工会干部"),
    "role.administrator": N_("系统管理员"),
    "role.security_administrator": N_("安全管理员"),
    "role.auditor": N_("审计员"),
    "invalid": N_("提交的内容有错，没有保存"),
}
