"""Words of trials: what a set cannot hold, why it cannot be applied, what was done."""

from web.language import N_

WORDS = {
    "not_found.trial": N_("没有这次试算，请从试算列表里选"),
    "trial.title_missing": N_("请写明试算什么，例如“裁判 2 回避”"),
    "trial.title_long": N_("标题有 %(length)s 个字，最多 120 个，请写短一些"),
    "trial.no_such_entry": N_("没有参赛号 “%(number)s”，请核对参赛名单"),
    "trial.no_such_aspect": N_("方案里没有评分点 “%(aspect)s”，请从列表里选"),
    "trial.judge_missing": N_("评分点 %(aspect)s 由几名裁判评分，请填裁判席号"),
    "trial.no_such_judge": N_("没有裁判 “%(judge)s” 的评分，请核对席号"),
    "trial.no_scheme_chosen": N_("请选一个方案，或上传方案文件"),
    "trial.same_scheme": N_("和现用的方案完全一样，没有什么可试；要取消换方案，请在试算里去掉这一条"),
    "trial.empty": N_("这次试算还没有任何改动，请先添加"),
    "trial.reason_missing": N_("请写明理由，理由随改动一起留存"),
    "trial.not_confirmed": N_("请勾选“已核对”，再采用"),
    "trial.moved": N_("这次试算刚刚被别人改过或处理过，请看最新的内容"),
    "trial.stale": N_("打开本页以后又有新的分数或更正，结果可能不同，请重新看过再采用"),
    "done.trial_opened": N_("试算已建好，现在添加要试的改动；采用之前什么都不会变"),
    "done.trial_changed": N_("已重新试算"),
    "done.trial_applied": N_("已采用：分数成为新版本，榜单已更新"),
    "done.trial_discarded": N_("已放弃，什么都没有变"),
}
STATES = {
    "trial.open": (N_("试算中"), "live"),
    "trial.applied": (N_("已采用"), "ok"),
    "trial.discarded": (N_("已放弃"), ""),
}
