"""Words of registration: what speaks against an entry, files of entries, decisions."""

from web.language import N_

WORDS = {
    "field.name": N_("姓名"),
    "field.identity_number": N_("身份证号"),
    "field.phone": N_("手机"),
    "field.organisation": N_("工作单位"),
    "field.delegation": N_("代表队"),
    "field.event": N_("赛项"),
    "field.event_category": N_("赛项与组别"),
    "field.category": N_("组别"),
    "field.status": N_("身份"),
    "field.skill_level": N_("职业技能等级"),
    "field.certificate_number": N_("证书编号"),
    "field.answer": N_("说明"),
    "field.number": N_("参赛号"),
    "field.state": N_("状态"),
    "status.employee": N_("职工"),
    "status.student": N_("学生"),
    "status.teacher": N_("教师"),
    "status.individual": N_("社会人员"),
    "skill_level.5": N_("五级（初级工）"),
    "skill_level.4": N_("四级（中级工）"),
    "skill_level.3": N_("三级（高级工）"),
    "skill_level.2": N_("二级（技师）"),
    "skill_level.1": N_("一级（高级技师）"),
    "entry.name_shape": N_("姓名“%(value)s”里有不能用的字符，只写文字，少数民族姓名用“·”"),
    "entry.too_young": N_("到 %(day)s 是 %(age)s 岁，未满 %(youngest)s 岁，请核对证件或改报别的赛项"),
    "entry.too_old": N_("到 %(day)s 是 %(age)s 岁，超过 %(oldest)s 岁，请核对证件或改报别的赛项"),
    "entry.already_entered": N_("这个人已经报了这个赛项组别，不用再报；要改内容请先撤回原来的"),
    "entry.other_name": N_("这个证件号码以前登记的是另一个姓名，请核对；确实改过名的，在“说明”里写明"),
    "entry.barred_by_place": N_(
        "曾在“%(contest)s”（%(class_code)s 类）得第 %(place)s 名，前 %(last)s 名不再以选手身份参赛。依据：%(basis)s"
    ),
    "entry.barred_by_honour": N_("已经有不再参赛的称号（如全国技术能手），请改报裁判或教练"),
    "entry.status_elsewhere": N_("身份与组别不合，请改身份或改报别的组别"),
    "entry.level_missing": N_("这个赛项要求 %(level)s 级以上，请填写职业技能等级"),
    "entry.level_too_low": N_("这个赛项要求 %(level)s 级以上，现在是 %(own_level)s 级"),
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
    "entry.no_such_category": N_("没有这个赛项组别，请重新选择"),
    "entry.not_open": N_("这个赛项组别现在不收报名"),
    "entry.no_such_delegation": N_("没有这支代表队，请重新选择"),
    "entry.delegation_not_yours": N_("你不能替 %(name)s 报名，请选自己的代表队"),
    "entry.not_yourself": N_("这里只能给自己报名，证件号码和账号登记的不是同一个人；给别人报名请找所在工会"),
    "entry.known_otherwise": N_("这个证件号码以前登记过，姓名或手机对不上，请让所在工会代为报名"),
    "entry.none_chosen": N_("还没有选人，请先勾选"),
    "entry.not_yours_to_decide": N_("这份报名不归你办理，请找竞赛组织者或原推荐单位"),
    "entry.stands_elsewhere": N_(
        "选中的报名里，有的状态不能这样办（可能别人刚刚办过，或者已经抽签），请刷新再选"
    ),
    "not_found.entries": N_("这项竞赛里没有选中的报名，请刷新再选"),
    "not_found.decision": N_("没有这个操作"),
    "not_found.import": N_("没有这份导入，可能已经处理过，请重新上传"),
    "import.column_missing": N_("文件里缺少这些列：%(columns)s。现有的列：%(found)s。请对照模板补上表头"),
    "import.no_such_event": N_("这项竞赛里没有赛项“%(value)s”，请写赛项名称或编号"),
    "import.no_such_category": N_("赛项“%(value)s”没有这个组别，请改组别"),
    "import.unknown_word": N_("看不懂“%(value)s”，请从这些里面选：%(known)s"),
    "import.no_such_delegation": N_("没有叫“%(value)s”的代表队，请写工会全称或简称，如“南昌市总工会”“南昌”"),
    "import.closed": N_("这份导入已经处理过了，请重新上传"),
    "import.has_faults": N_("还有 %(faulty)s 行有错，不能全部导入；可以只导入没有错的行，或改好后重新上传"),
    "import.fault_row": N_("原行号"),
    "import.faults": N_("问题"),
    "import.no_file": N_("还没有选文件，请选一个 XLSX 或 CSV 文件"),
    "file.empty": N_("文件是空的，请检查后重新上传"),
    "file.too_large": N_("文件太大（解开后也算），最多 %(megabytes)s MB，请拆成几个文件"),
    "file.not_a_table": N_(
        "打不开这个文件，它不是 XLSX 或 CSV，或者已经损坏；请用表格软件另存为 XLSX 再上传"
    ),
    "file.too_many_rows": N_("有 %(rows)s 行，一次最多 %(limit)s 行，请拆成几个文件；空白行很多时先删掉"),
    "file.too_wide": N_("列太多，最多 %(columns)s 列，请删去不用的列"),
    "file.encoding": N_("认不出文件的编码，请用表格软件另存为 UTF-8 的 CSV 或 XLSX 再上传"),
    "done.entry_filed": N_("报名已送出，等组委会审核"),
    "done.entries_decided": N_("已办理"),
    "done.entries_imported": N_("已导入"),
    "done.import_dropped": N_("已放弃这份导入，没有保存任何人"),
}

STATES = {
    "submitted": (N_("待审核"), "open"),
    "returned": (N_("已退回"), "plan"),
    "approved": (N_("已通过"), "done"),
    "withdrawn": (N_("已撤回"), "plan"),
}
