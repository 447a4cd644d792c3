"""What the audit trail (审计) calls each thing that is put on it: one name each, here and nowhere else."""

from __future__ import annotations

from typing import Literal

CREATED = "建库"
LOGGED_IN = "登录"
LOGIN_FAILED = "登录失败"
RECOVERED = "用恢复码重设口令"
LOCKED = "锁定"
UNLOCKED = "解锁"
CLERK_ADDED = "新增经办人"
CLERK_CHANGED = "变更经办人"
CLERK_REMOVED = "移除经办人"
CREDENTIAL_RESET = "代为重设口令"
CREDENTIAL_CHANGED = "修改口令"
RECOVERY_RENEWED = "更换恢复码"
BACKED_UP = "备份"
RESTORED = "恢复"
APPLICANT_ADDED = "登记申请人"
APPLICANT_CHANGED = "修改申请人"
PERSON_READ = "查阅个人档案"
DOSSIER_READ = "查阅申请人档案"
CASE_READ = "查阅他人办件"
CASE_CHANGED = "修改他人办件"
CASE_CLOSED = "办结办件"
CASE_WITHDRAWN = "撤销办件"
CASE_REOPENED = "重新打开办件"
APPLICANTS_MERGED = "合并申请人"
AWARD_ADDED = "登记已享受支持"
AWARD_REMOVED = "撤销已享受支持"
PAPER_ISSUED = "出具文书"
PAPER_PRINTED = "打印文书"
PAPER_SAVED = "保存文书"
PAPER_AGAIN = "补打文书"
PARAMETER_ENTERED = "录入外部参数"
PARAMETER_ENDED = "停用外部参数"
PARAMETER_WITHDRAWN = "撤回外部参数"
LEDGER_EXPORTED = "导出台账"
LIST_COLUMNS = "记住名单列的对应"
LIST_RUN = "批量测算"
LIST_EXPORTED = "导出批量结果"
STATISTICS_EXPORTED = "导出统计"
STATISTICS_PRINTED = "打印统计"
KEY_MADE = "生成签发密钥"
KEY_EXPORTED = "导出公钥"
KEY_TRUSTED = "添加可信公钥"
KEY_DISTRUSTED = "移除可信公钥"

#: how a paper leaves the machine
How = Literal["打印", "保存"]
#: the entry of a paper that leaves the machine for the first time or again from the same preview
HANDED_OUT: dict[How, str] = {"打印": PAPER_PRINTED, "保存": PAPER_SAVED}
