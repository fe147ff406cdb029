"""Words of the award list: titles that follow from places, who is barred and why, the six columns of the export."""

from web.language import N_

WORDS = {
    "award.not_final": N_("最终结果还没有公布，或已经撤回，没有获奖名单"),
    "award.nothing_final": N_("这项竞赛还没有出最终结果的组别，没有可导出的名单"),
    "award.export_reason_missing": N_("导出完整身份证号，请写明用途"),
    "award.file_name": N_("获奖人员报送表"),
    "award_column.name": N_("姓名"),
    "award_column.identity_number": N_("身份证号"),
    "award_column.category": N_("组别"),
    "award_column.occupation": N_("职业（工种）"),
    "award_column.skill_level": N_("技能等级"),
    "award_column.place": N_("名次"),
    "title.held": N_("%(year)s 年已获%(honour)s，不再推荐"),
    "title.age_unknown": N_("没有出生日期，请核对年龄"),
    "title.too_old": N_("%(age)s 周岁，超过 %(limit)s 周岁"),
    "title.too_young": N_("%(age)s 周岁，不满 %(limit)s 周岁"),
    "title.promoted_this_year": N_("今年已在别的赛项推荐晋升"),
    "title.level_too_low": N_("须先有%(level)s"),
    "title.level_held": N_("已是%(level)s"),
    "title.level_highest": N_("已是最高等级%(level)s"),
    "title.more_than_places": N_("“%(title)s”规定 %(places)s 人，末位并列，现有 %(count)s 人，请按通知确认"),
    "title.none_chosen": N_("请先选人"),
    "title.not_proposed": N_("所选的人里有现行办法不能推荐的，或别人刚刚列入过，请看最新的名单"),
    "title.cannot_go": N_("%(name)s 的“%(title)s”现在不能这样标，请一步一步办理"),
    "title.document_missing": N_("请填写文号"),
    "title.document_day_missing": N_("请填写文件日期"),
    "title.reason_missing": N_("退回、不予核准或不再推荐，请写明理由"),
    "title.moved_meanwhile": N_("别人刚刚标过其中的称号，请看最新的状态"),
    "title_rules.not_a_document": N_("推荐办法不是有效的文件：%(reason)s"),
    "title_rules.unreadable": N_("第 %(number)s 条读不懂：%(fields)s"),
    "title_rules.basis_missing": N_("请填写依据文件"),
    "title_rules.reason_missing": N_("请写明为什么改，理由随这一版留存"),
    "title_rules.changed_meanwhile": N_("别人刚刚改过推荐办法，请对照新的一版再改"),
    "title_rules.series_not_yours": N_("整个系列的办法由省级组织者或干部定，请去掉“用作这个系列”"),
    "title_rule.not_a_choice": N_("“%(title)s”的种类、并列或性别不在可选范围"),
    "title_rule.no_reach": N_("请写明前几名，或只给哪些奖项"),
    "title_rule.places": N_("前几名应是 1 到 9999 的整数"),
    "title_rule.level_missing": N_("技能等级的条目，请选晋升到哪一级"),
    "title_rule.level": N_("技能等级只有一级到五级"),
    "title_rule.ages_crossed": N_("最大年龄小于最小年龄，请改正"),
    "not_found.title_rule": N_("没有这一条，可能已被去掉，请回到推荐办法"),
    "done.titles_moved": N_("已记下"),
    "done.title_rules": N_("已保存为新的一版"),
}
WORDS |= {
    f"level.{number}": words
    for number, words in enumerate(
        (
            N_("一级（高级技师）"),
            N_("二级（技师）"),
            N_("三级（高级工）"),
            N_("四级（中级工）"),
            N_("五级（初级工）"),
        ),
        1,
    )
}
STATES = {
    "title.proposed": (N_("待报送"), "plan"),
    "title.reported": (N_("已报送"), "open"),
    "title.approved": (N_("已核准"), "notice"),
    "title.issued": (N_("已发证"), "done"),
    "title.refused": (N_("未核准"), "frozen"),
    "title.dropped": (N_("不再推荐"), "plan"),
}
