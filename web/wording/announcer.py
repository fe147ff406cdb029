"""Words of reading out a publication in the hall."""

from web.language import N_

WORDS = {
    "not_found.announcement": N_("现在没有播报，或者链接已经作废，请向组织者要新的"),
    "announcement.nothing_signed": N_("现在没有在公布的成绩，公布以后才能播报"),
    "announcement.provisional": N_("这次公布的是初步成绩，公布时没有允许播报；请等公示或正式成绩公布"),
    "announcement.broken_seal": N_("公布的内容和校验值对不上，不能播报；请先查清"),
    "announcement.withdrawn": N_("正在播报的那一号公布已经撤下，播报暂停"),
    "done.announcement_open": N_("播报已开始，大屏停在开场"),
    "done.announcement_close": N_("播报已结束，链接作废"),
}
