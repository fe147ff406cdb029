"""Words about coding and check-in."""

from __future__ import annotations

from web.language import N_

WORDS = {
    "coding.layer_1": N_("第一层 参赛号"),
    "coding.layer_2": N_("第二层 赛位号"),
    "coding.layer_3": N_("第三层 成果号"),
    "coding.holder_missing": N_("第 %(layer)s 层还没有保管人，请选一名加密裁判"),
    "coding.holder_unfit": N_("第 %(layer)s 层的保管人不是这里的加密裁判，或同时录分、评分，请另选"),
    "coding.holder_twice": N_("第 %(layer)s 层的保管人已保管另一层，每层要由不同的人保管"),
    "coding.too_late": N_("已经开始评分，加密不能再改"),
    "coding.drawn_already": N_("已经抽过号，加密不能再改"),
    "coding.not_now": N_("这一层已经抽过号，或者还没到抽号的时候（抽签以后、开始评分以前）"),
    "coding.out_of_turn": N_("还没轮到这一层：抽号从第一层起，打开从最后一层起"),
    "coding.not_checked_in": N_("还有 %(waiting)s 人没有检录，例如 %(numbers)s，检录完再抽号"),
    "coding.nobody_came": N_("没有人到场，不用抽号"),
    "coding.not_drawn": N_("这一层还没有抽号"),
    "coding.not_your_layer": N_("第 %(layer)s 层不由你保管"),
    "coding.holder_is_no_witness": N_("保管人不能给自己见证"),
    "coding.not_locked": N_("裁判长还没有封分，不能解密；这次尝试已记录"),
    "coding.opened_already": N_("这一层已经打开"),
    "coding.witnesses_missing": N_("见证人不够：要 %(needed)s 人，现在 %(there)s 人；这次尝试已记录"),
    "not_found.coding_layer": N_("这个组别没有第 %(layer)s 层加密"),
    "check_in.unknown": N_("没有“%(outcome)s”这种检录结果"),
    "check_in.reason_needed": N_("不让参赛要写明理由"),
    "check_in.closed": N_("现在不能检录：抽签以后、开始评分以前才可以"),
    "check_in.coded": N_("赛位已经抽定，检录不能再改；有变化请找裁判长认定"),
    "check_in.unknown_pass": N_("没有码为“%(code)s”的参赛证，请核对，或在名单里按参赛号找"),
    "check_in.present": N_("到场"),
    "check_in.late": N_("迟到"),
    "check_in.absent": N_("缺席"),
    "check_in.excluded": N_("不让参赛"),
    "state.layers_undrawn": N_("还有 %(layers)s 层加密没有抽号"),
    "state.not_decoded": N_("还没有解密，不能公布"),
    "state.already_decoded": N_("已经解密，再评分时裁判可能知道是谁的作品，请说明理由"),
    "state.already_coded": N_("赛位已经抽定，不能再开放报名"),
    "done.coding_draw": N_("已抽号"),
    "done.coding_witness": N_("已见证"),
    "done.coding_open": N_("已打开这一层"),
    "done.checked_in": N_("已检录"),
}
