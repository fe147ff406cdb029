"""Words of accounts: signing in, passwords, identity numbers, phones, organisations."""

from web.language import N_

WORDS = {
    "sign_in.wrong": N_("登录名或密码不对，请核对后再试。连续错 5 次，账号锁定 30 分钟"),
    "sign_in.locked": N_("密码连续错了 5 次，这个账号锁定到 %(until)s，到时再登录"),
    "password.weak": N_("密码至少 %(length)s 位，大写字母、小写字母、数字、符号四种里用到 %(kinds)s 种"),
    "password.wrong": N_("原密码不对，请重新输入"),
    "password.differs": N_("两次输入的新密码不一样，请重新输入"),
    "login.in_use": N_("登录名 %(login)s 已有人使用，请换一个"),
    "account.yourself": N_("不能停用自己的账号，请换一个管理员账号办理"),
    "identity.shape": N_("证件号码应为 18 位（最后一位可以是 X），现在是 %(length)s 位，请对照证件改正"),
    "identity.birth_date": N_("证件号码第 7–14 位 %(digits)s 不是真实的出生日期，请对照证件改正"),
    "identity.check_digit": N_("证件号码的最后一位校验不符，多半是抄错了一位，请对照证件改正"),
    "phone.shape": N_("手机号应为 11 位、以 13–19 开头，现在是 %(length)s 位，请改正"),
    "credit_code.shape": N_("统一社会信用代码应为 18 位数字和大写字母，现在是 %(length)s 位，请改正"),
    "credit_code.check_digit": N_("统一社会信用代码的校验位不符，请对照营业执照改正"),
    "done.signed_in": N_("已登录"),
    "done.signed_out": N_("已退出登录"),
    "done.account_opened": N_("账号已开通"),
    "done.password_changed": N_("密码已改，其他设备上的登录已退出"),
}
