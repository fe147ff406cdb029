"""Words of boards: why there is none, publishing, acts."""

from web.language import N_

WORDS = {
    "not_found.board": N_("没有这个榜单，或者它还没有公布"),
    "not_found.board_entry": N_("这个榜单上没有参赛号 %(number)s"),
    "board.nothing_published": N_("现在没有在公布的榜单，不用撤下"),
    "board.not_yours": N_("这个榜单归竞赛组织者和录分、裁判人员使用，请用这些身份登录"),
    "board.not_confirmed": N_("请勾选确认，再公布或撤下"),
    "publication.provisional": N_("初步成绩"),
    "publication.notice": N_("公示"),
    "publication.final": N_("正式成绩"),
    "standing.guest": N_("表演赛，不计名次"),
    "standing.blank": N_("还没有成绩"),
    "standing.dns": N_("缺考"),
    "standing.dnf": N_("未完赛"),
    "standing.dsq": N_("取消资格"),
    "standing.withdrawn": N_("退赛"),
    "done.board_published": N_("已公布，公众现在能看到这份榜单"),
    "done.board_withdrawn": N_("已撤下，公众现在看到的是封榜说明"),
}
