"""Words of `saichuang rank`: what is wrong with a file of marks or entries, and how to put it right."""

from web.language import N_

WORDS = {
    "rank.refused": N_("共有 %(count)s 处错误（列出 %(shown)s 处），没有写出任何结果；请改正后重试"),
    "rank.unreadable": N_("文件读不出来（%(reason)s），请检查文件名和格式"),
    "rank.unwritable": N_("文件写不进去（%(reason)s），请换一个位置"),
    "rank.encoding": N_("文件既不是 UTF-8 也不是 GBK 编码，请另存为 UTF-8"),
    "rank.file_empty": N_("文件是空的，请检查是否选错了文件"),
    "rank.stopped": N_("已停止，没有写出任何结果"),
    "rank.column_missing": N_("缺少列 “%(column)s”，请补上；现有或可用：%(known)s"),
    "rank.column_twice": N_("%(found)s 都可以是 “%(column)s” 列，请给其中一列改名"),
    "rank.column_misspelt": N_(
        "不认识的列 “%(column)s”，是不是 %(meant)s？请改名或删除；可用的列：%(known)s"
    ),
    "rank.column_ignored": N_("不认识的列 “%(column)s” 没有使用"),
    "rank.column_of_entries": N_("“%(column)s” 列属于选手名单，请用 --entries 另给名单文件，或删除这一列"),
    "rank.column_nested": N_("“%(column)s” 列的每一格是一组值，请每行只写一个值"),
    "rank.cells": N_(
        "这一行有 %(found)s 格，表头有 %(expected)s 格，请补齐或删去多余的分隔符；小数点不能写成逗号"
    ),
    "rank.entry_missing": N_("没有写选手编号，请填写或删除这一行"),
    "rank.entry_twice": N_("选手 “%(value)s” 出现了两次，请删除一行"),
    "rank.entry_unknown": N_("名单里没有选手 “%(value)s”，请补进名单或改正编号"),
    "rank.aspect_missing": N_(
        "没有写评分点，请填写其中之一：%(known)s；整个选手缺考或取消资格请写在名单的状态列"
    ),
    "rank.aspect_unknown": N_("方案里没有评分点 “%(value)s”，请改为其中之一：%(known)s"),
    "rank.aspect_not_in_stage": N_("阶段 “%(value)s” 里没有评分点 %(aspect)s，它在：%(known)s，请改正"),
    "rank.stage_needed": N_("评分点 %(aspect)s 在几个阶段里都有，请在阶段列写明是哪一个：%(known)s"),
    "rank.stage_unknown": N_("方案里没有阶段 “%(value)s”，请改为其中之一：%(known)s"),
    "rank.status_unknown": N_("不认识的状态 “%(value)s”，请留空或改为：%(known)s"),
    "rank.not_yes_or_no": N_("“%(value)s” 既不是是也不是否，请填写 yes 或 no"),
    "rank.not_whole": N_("“%(value)s” 不是正整数，请改为 1、2、3……"),
    "rank.not_a_number": N_(
        "“%(value)s” 不是数字，请填写数字（最多 4 位小数），或 DNS、DNF、DSQ、absent、recused，或留空"
    ),
    "rank.thousands": N_("“%(value)s” 里有千位分隔符，请删去；如果是一个数，请写成 %(plain)s"),
    "rank.decimal_comma": N_("“%(value)s” 用逗号作小数点，请改为 %(plain)s"),
    "rank.percent": N_("“%(value)s” 带百分号，请按方案的分值写成数字"),
    "rank.too_many_decimals": N_("“%(value)s” 的小数超过 %(decimals)s 位，请按规则先取舍"),
    "rank.not_a_factor": N_("“%(value)s” 不是难度系数，请填写数字，例如 2.6，或留空"),
    "rank.factor_unexpected": N_("评分点 %(aspect)s 没有难度系数，请清空这一格，或在方案里写 factored"),
    "rank.attempt_unexpected": N_(
        "评分点 %(aspect)s 只有一轮，却登了第 %(value)s 轮；请核对轮次，或在方案里写 attempts"
    ),
    "rank.not_a_time": N_("“%(value)s” 不是时间，请写成 85.3、1:25.3 或 1:02:03"),
    "rank.value_below_minimum": N_("“%(value)s” 低于评分点 %(aspect)s 的最低分 %(minimum)s，请核对"),
    "rank.value_above_maximum": N_("“%(value)s” 高于评分点 %(aspect)s 的最高分 %(maximum)s，请核对"),
    "rank.value_off_step": N_("“%(value)s” 不是评分点 %(aspect)s 的步长 %(step)s 的整数倍，请核对"),
    "rank.mark_twice": N_("这一分数前面已经登过（%(value)s），请删除一行"),
    "rank.one_mark_only": N_(
        "评分点 %(aspect)s 只收一个评分，这里又来了一名裁判（%(value)s）；请在方案的 panel 里写明几个评分如何合成"
    ),
    "rank.no_teams": N_("方案没有团体规则，写不出团体名次；请在方案里写明 teams，或去掉 --teams"),
    "rank.explain_unknown": N_("没有选手 “%(value)s”，请核对 --explain 后面的编号"),
}
