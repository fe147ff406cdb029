"""Words of files that people send: what cannot be read, what a row says that nobody understands."""

from web.language import N_

WORDS = {
    "file.empty": N_("文件是空的，请检查后重新上传"),
    "file.too_large": N_(
        "文件太大（解开后也算），最多 %(limit)s MB，请删去图片和多余的工作表，或拆成几个文件"
    ),
    "file.old_excel": N_("这是旧版 .xls 或加了密码的文件，请在表格软件里去掉密码、另存为 .xlsx 再上传"),
    "file.damaged": N_("打不开这个文件，它可能已经损坏；请在表格软件里打开、另存为 .xlsx 再上传"),
    "file.not_text": N_("这不是 XLSX 或 CSV 文件，请下载模板，填好再上传"),
    "file.encoding": N_("认不出文件的编码，请另存为 UTF-8 的 CSV 或 .xlsx 再上传"),
    "file.too_many_rows": N_("行太多，一次最多 %(limit)s 行，请拆成几个文件；空白行很多时先删掉"),
    "file.too_many_columns": N_("列太多，最多 %(limit)s 列，请删去不用的列"),
    "file.cell_too_long": N_("第 %(row)s 行有一格 %(length)s 个字，最多 %(limit)s 个，请删短"),
    "import.no_file": N_("还没有选文件，请选一个 XLSX 或 CSV 文件"),
    "import.no_header": N_("没有找到表头，缺少这些列：%(missing)s。请对照模板补上表头，再上传"),
    "import.no_rows": N_("表头下面没有数据，请填好再上传"),
    "import.not_yours": N_("批量导入只对组织者、领队和工会干部开放；给自己报名请用报名页"),
    "import.digits_lost": N_("表格软件把这一格存成了数字，后几位已经丢失；请把这一列设成文本格式，重新填写"),
    "import.event_unknown": N_("这项竞赛里没有赛项“%(value)s”，请改成其中之一：%(events)s"),
    "import.category_unknown": N_("赛项“%(event)s”没有组别“%(value)s”，请改成：%(category)s"),
    "import.category_open": N_("赛项“%(event)s”有几个组别，请写明是哪一个：%(category)s"),
    "import.delegation_unknown": N_(
        "没有叫“%(value)s”的代表队，或者你不能替它报名；请写工会全称或简称，如“南昌市总工会”“南昌”"
    ),
    "import.status_unknown": N_("身份“%(value)s”看不懂，请写职工、学生、教师或社会人员"),
    "import.level_unknown": N_(
        "职业技能等级“%(value)s”看不懂，请写一级到五级，或高级技师、技师、高级工、中级工、初级工"
    ),
    "import.rows_faulty": N_("还有 %(faulty)s 行有错，不能全部导入；可以只导入没有错的行，或改好后重新上传"),
    "import.nothing_good": N_("没有可以导入的行，请下载问题行，改好后重新上传"),
    "import.answer_needed": N_("有 %(asked)s 行请确认：核对无误的，写一句说明，再导入"),
    "import.taken": N_("这份文件刚刚已经处理过，请看报名名单"),
    "import.row": N_("原行号"),
    "import.problems": N_("问题和改法"),
    "import.faults_file": N_("问题行"),
    "not_found.draft": N_("没有这份导入，可能已经处理过，请重新上传"),
    "done.imported": N_("已导入"),
    "done.import_dropped": N_("已放弃这份导入，没有保存任何人"),
}
