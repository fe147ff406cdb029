"""Words of registration: fields of an entry, what speaks against one, decisions."""

from web.language import N_

WORDS = {
    "field.name": N_("姓名"),
    "field.identity_number": N_("证件号码"),
    "field.phone": N_("手机"),
    "field.organisation": N_("工作单位"),
    "field.delegation": N_("代表队"),
    "field.event": N_("赛项"),
    "field.event_category": N_("赛项与组别"),
    "field.category": N_("组别"),
    "field.status": N_("身份"),
    "field.skill_level": N_("职业技能等级"),
    "field.certificate_number": N_("证书编号"),
    "field.number": N_("参赛号"),
    "field.state": N_("报名状态"),
    "field.reason": N_("说明"),
    "status.employee": N_("职工"),
    "status.student": N_("学生"),
    "status.teacher": N_("教师"),
    "status.individual": N_("社会人员"),
    "skill_level.5": N_("五级（初级工）"),
    "skill_level.4": N_("四级（中级工）"),
    "skill_level.3": N_("三级（高级工）"),
    "skill_level.2": N_("二级（技师）"),
    "skill_level.1": N_("一级（高级技师）"),
    "entry.missing": N_("请填写%(field)s"),
    "entry.name_shape": N_("姓名“%(value)s”里有不能用的字符，只写文字，少数民族姓名用“·”"),
    "entry.too_young": N_("到 %(day)s 是 %(age)s 岁，未满 %(youngest)s 岁，请核对证件或改报别的赛项"),
    "entry.too_old": N_("到 %(day)s 是 %(age)s 岁，超过 %(oldest)s 岁，请核对证件或改报别的赛项"),
    "entry.already_entered": N_("这个人已经报了这个赛项组别，不用再报；要改内容请先撤回原来的"),
    "entry.other_name": N_("这个证件号码以前登记的是另一个姓名，请核对；确实改过名的，在“说明”里写明"),
    "entry.barred_by_place": N_(
        "曾在“%(contest)s”（省级%(class_code)s类）得第 %(place)s 名，前 %(last)s 名不再以选手身份参赛，"
        "请换人或改报裁判、教练。依据：%(basis)s"
    ),
    "entry.barred_by_honour": N_("已经有不再参赛的称号（如全国技术能手），请换人或改报裁判、教练"),
    "entry.status_elsewhere": N_("%(category)s不收“%(status)s”身份，请改身份或改报别的组别"),
    "entry.level_missing": N_("这个赛项要求 %(level)s 级及以上，请填写职业技能等级"),
    "entry.level_too_low": N_(
        "这个赛项要求 %(level)s 级及以上，填写的是 %(own_level)s 级，请核对或改报别的赛项"
    ),
    "entry.certificate_level": N_(
        "证书编号里的等级是 %(level)s 级，填写的是 %(own_level)s 级，请核对；没错的话在“说明”里写明"
    ),
    "entry.certificate_shape": N_(
        "证书编号有 %(length)s 位，不是常见的 22 位或 16 位，请核对；没错的话在“说明”里写明"
    ),
    "entry.twice_in_file": N_("和第 %(other)s 行是同一个人、同一个赛项组别，请删去一行"),
    "entry.no_place_left": N_(
        "这支代表队的名额是 %(places)s 个，已经报了 %(taken)s 个，请撤回别的报名或申请增加名额"
    ),
    "entry.category_elsewhere": N_("这项竞赛没有这个赛项组别，请重新选择"),
    "entry.not_open": N_("这个赛项组别现在不收报名，请看竞赛页面上的报名时间"),
    "entry.delegation_elsewhere": N_("没有这支代表队，或者你不能替它报名，请重新选择"),
    "entry.own_number_only": N_("这个账号已经登记了另一个证件号码，只能给自己报名；替别人报名请找所在工会"),
    "entry.not_your_number": N_("这个证件号码以前登记过，姓名或手机对不上，请核对，或让所在工会代为报名"),
    "entry.answer_needed": N_("上面有需要确认的地方，核对无误的，在“说明”里写一句"),
    "entry.none_chosen": N_("还没有选人，请先勾选"),
    "entry.reason_needed": N_("请写明理由，报名的人会看到"),
    "entry.not_yours": N_("选中的报名里有不归你办理的，请找竞赛组织者或原推荐单位"),
    "entry.too_late": N_("选中的报名里有的已经抽签或开赛，不能再这样办，请刷新再选"),
    "entry.elsewhere": N_("这份报名的状态已经变了，可能别人刚刚办过，请刷新再看"),
    "entry.list_not_yours": N_("这份报名名单不对你开放，请用组织者、领队或工会干部的账号登录"),
    "done.entry_filed": N_("报名已送出，等组委会审核"),
    "done.entries_approved": N_("已通过"),
    "done.entries_returned": N_("已退回，报名的人会看到理由"),
    "done.entries_withdrawn": N_("已撤回"),
}

STATES = {
    "submitted": (N_("待审核"), "open"),
    "returned": (N_("已退回"), "notice"),
    "approved": (N_("已通过"), "done"),
    "withdrawn": (N_("已撤回"), "plan"),
}
