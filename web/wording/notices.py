"""Words of the public notice: its terms and clock, objections and their answers, publications and what changed."""

from web.language import N_

WORDS = {
    "notice.days_past": N_("公示结束日期 %(until)s 已经过去，请先在组别设置里改正"),
    "notice.too_short": N_("到结束那天只有 %(days)s 个工作日，少于规定的 %(needed)s 个；照此公示请写明理由"),
    "notice.holidays_unknown": N_(
        "%(year)s 年的放假调休还没有载入，只按星期推算；请管理员补上后再看截止日期"
    ),
    "notice.hours_crossed": N_("截止时刻要晚于开始时刻，请改正"),
    "notice.not_an_hour": N_("“%(value)s” 不是时刻，请按 9:00 的样子填写"),
    "notice.terms_changed_meanwhile": N_("公示规则刚刚被别人改过，请看最新的内容再改"),
    "notice.cannot_be_shortened": N_("正在公示，结束日期只能推后；要提前结束，请在公布最终结果时写明理由"),
    "first_day.same": N_("公布当天算第一天（过了截止时刻的，从下一个工作日算起）"),
    "first_day.next": N_("公布后的下一个工作日算第一天"),
    "done.notice_terms": N_("已保存，以后开始的公示照此计算；正在进行的公示不变"),
    "not_found.objection": N_("没有这个回执号，请核对后再查"),
    "objection.no_notice": N_("现在不在公示期，不收异议；公示期间再到这里提出"),
    "objection.not_begun": N_("公示从 %(opens)s 开始，请到时再提交；填写的内容请先自己留存"),
    "objection.over": N_("公示已在 %(closes)s 截止，不再收异议"),
    "objection.no_such_number": N_("榜单上没有参赛号 “%(number)s”，请核对；对整个结果有异议的不用填"),
    "objection.too_many": N_(
        "今天已经提交了 %(limit)s 件异议，到了一天的上限；请明天再提交，或直接联系组委会"
    ),
    "objection.remedy_missing": N_("异议成立的，请选怎样更正"),
    "objection.answered_already": N_("第 %(number)s 件异议刚刚有人答复过，请看最新的内容"),
    "objection.waiting": N_("还有 %(count)s 件异议没有答复（第 %(numbers)s 件），答复后才能公布最终结果"),
    "objection.uncorrected": N_(
        "第 %(numbers)s 件异议已成立，要先撤下榜单、更正后重新公示，才能公布最终结果"
    ),
    "remedy.trial": N_("先试算更正后的结果，采用后撤下、重新公示"),
    "remedy.withdraw": N_("撤下榜单，更正后重新公示"),
    "done.objection_lodged": N_("已收到你的异议，请记下回执号"),
    "done.objection_answered": N_("已答复，持回执号的人现在能看到"),
    "publication.reason_after_withdrawal": N_("第 %(number)s 号公布已撤下；重新公布请写明更正了什么"),
    "publication.reason_for_changes": N_("与第 %(number)s 号公布相比有 %(rows)s 行不同；请写明为什么更正"),
    "changed.name": N_("姓名"),
    "changed.delegation": N_("代表队"),
    "changed.place": N_("名次"),
    "changed.total": N_("总分"),
    "changed.award": N_("奖项"),
    "changed.status": N_("说明"),
}
STATES = {
    "objection.open": (N_("待答复"), "live"),
    "objection.upheld": (N_("成立"), "warn"),
    "objection.dismissed": (N_("不成立"), "done"),
}
