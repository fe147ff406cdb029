"""Words of a bundle of publications and of checking it."""

from web.language import N_

WORDS = {
    "bundle.unreadable": N_("打不开 %(file)s：%(reason)s"),
    "bundle.damaged_form": N_("这不是完整的公布文件：第 %(line)s 行应是校验表的开头，现为 “%(found)s”"),
    "bundle.damaged_line": N_("%(where)s（文件第 %(line)s 行）：应为 “%(expected)s”，现为 “%(found)s”"),
    "bundle.damaged_line_unknown": N_(
        "%(where)s（文件第 %(line)s 行）与公布时的校验值不符：现为 “%(found)s”"
    ),
    "bundle.damaged_part": N_(
        "第 %(number)s 号公布的 %(part)s（文件第 %(line)s 行）：应为 “%(expected)s”，现为 “%(found)s”"
    ),
    "bundle.damaged_part_unknown": N_(
        "第 %(number)s 号公布的 %(part)s（文件第 %(line)s 行）与公布时的校验值不符：现为 “%(found)s”"
    ),
    "bundle.damaged_checksum": N_(
        "校验表（文件第 %(line)s 行）被改动：应为 “%(expected)s”，现为 “%(found)s”"
    ),
    "bundle.damaged_sum": N_("校验表的总和（文件第 %(line)s 行）：应为 “%(expected)s”，现为 “%(found)s”"),
    "bundle.damaged_end": N_("文件结尾（第 %(line)s 行）：应为 “%(expected)s”，现为 “%(found)s”"),
    "bundle.row_damaged": N_(
        "第 %(number)s 号公布第 %(row)s 行（参赛号 %(entry)s，文件第 %(line)s 行）被改动："
        "应为 “%(expected)s”，现为 “%(found)s”"
    ),
    "bundle.cell_damaged": N_(
        "第 %(number)s 号公布第 %(row)s 行（参赛号 %(entry)s，文件第 %(line)s 行）的 %(field)s："
        "应为 “%(expected)s”，现为 “%(found)s”"
    ),
    "bundle.not_json": N_("文件不是 JSON，不能读"),
    "bundle.misshapen": N_("%(where)s 不是公布文件应有的样子：%(reason)s"),
    "bundle.other_format": N_("这不是公布文件，格式写的是 “%(found)s”"),
    "bundle.not_canonical": N_("文件的写法和公布文件的唯一写法不同（重复的键、多余的空格等）"),
    "bundle.digest_differs": N_("%(where)s 的校验值：应为 %(expected)s，现为 %(found)s"),
    "bundle.chain_differs": N_("第 %(number)s 号公布的 %(field)s：应为 %(expected)s，现为 %(found)s"),
    "bundle.other_head": N_("最新一号公布的校验值：应为 %(expected)s，现为 %(found)s；这不是网站上的那一份"),
    "bundle.cannot_recount": N_("第 %(number)s 号公布的内容不成样子，不能重算（%(reason)s）"),
    "bundle.recount_differs": N_(
        "重算第 %(number)s 号公布：第 %(row)s 行（参赛号 %(entry)s）的 %(field)s 应为 %(expected)s，现为 %(found)s"
    ),
    "bundle.lines": N_("%(count)s 行逐字节与校验值相符"),
    "bundle.schemes": N_("%(count)s 份评分方案及其规则文本与校验值相符"),
    "bundle.chain": N_("%(count)s 次公布的编号、内容和校验链前后相接"),
    "bundle.checked_rows": N_("第 %(number)s 号：%(count)s 行，参赛号不重复"),
    "bundle.checked_totals": N_("第 %(number)s 号：%(count)s 个总分由各模块重算，相符"),
    "bundle.checked_order": N_("第 %(number)s 号：%(count)s 人按总分先后排列"),
    "bundle.checked_places": N_("第 %(number)s 号：%(count)s 个名次重算，相符"),
    "bundle.checked_awards": N_("第 %(number)s 号：%(count)s 人的奖项按方案的获奖线重算，相符"),
    "bundle.checked_lines": N_("第 %(number)s 号：%(count)s 条获奖线的位置相符"),
    "bundle.left_out_marks": N_(
        "第 %(number)s 号：模块以下的评分不在文件里，没有核对；请看网站上每个人的得分说明"
    ),
    "bundle.left_out_totals": N_(
        "第 %(number)s 号：总分没有重算（多阶段、总分上另有扣分或上下限，或没有方案）"
    ),
    "bundle.left_out_order": N_("第 %(number)s 号：先后没有重算（多阶段、相近同名次、低者为先，或没有方案）"),
    "bundle.left_out_places": N_("第 %(number)s 号：没有方案，名次没有重算"),
    "bundle.left_out_awards": N_("第 %(number)s 号：奖项没有重算（按别的分组评奖，或没有方案）"),
    "bundle.unstamped": N_("%(count)s 次公布是旧格式，公布的人、时间、理由和方案不在校验链里"),
    "bundle.withdrawals": N_("撤下的时间、人和理由只有文件校验，不在校验链里"),
    "bundle.broken": N_("不可信：有 %(count)s 处不符"),
    "bundle.holds": N_("全部相符。最新校验值 %(head)s；请与网站 %(page)s 或签字的纸件上的对照"),
}
