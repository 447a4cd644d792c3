"""Who may do what: the three roles (角色) of an office, and the acts that not everybody may do.

A role is kept in the database, in a sealed row, and nowhere in the key file: whoever edits that file, or puts an older
one back, gets no other role by it.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal, get_args

Role = Literal["经办人", "负责人", "审计员"]
CLERK: Role = "经办人"
HEAD: Role = "负责人"
AUDITOR: Role = "审计员"
ROLES: tuple[Role, ...] = get_args(Role)


class Act(Enum):
    """What not everybody may do; the value is how a sentence calls it."""

    WORK = "办理业务"  # open and change cases, applicants, awards; hand papers out
    SEE_ALL = "查看全部办件"  # the ledger of every clerk; an applicant's own cases are seen by whoever serves him
    PARAMETERS = "录入外部参数"
    READINGS = "确定政策口径"
    CLERKS = "管理人员和口令"  # add, rename, move, remove; roles; other people's passwords; the recovery code
    TRAIL = "查看审计记录"
    BACKUP_RESTORE = "恢复备份"
    RETENTION = "清除到期资料"
    PACKS = "安装政策包"
    TRUST = "管理可信公钥"
    UNMASK = "显示完整号码"
    FORKS = "认可对方审计记录分叉"  # a bundle's sender was restored: what he said before and says now are both kept
    IMPORT = "从名单导入"  # one key changes hundreds of applicants at once


_MAY: dict[Act, tuple[Role, ...]] = {
    Act.WORK: (CLERK, HEAD),
    Act.SEE_ALL: (HEAD, AUDITOR),
    Act.PARAMETERS: (HEAD,),
    Act.READINGS: (HEAD,),
    Act.CLERKS: (HEAD,),
    Act.TRAIL: (HEAD, AUDITOR),
    Act.BACKUP_RESTORE: (HEAD,),
    Act.RETENTION: (HEAD,),
    Act.PACKS: (HEAD,),
    Act.TRUST: (HEAD,),
    Act.UNMASK: (CLERK, HEAD),
    Act.IMPORT: (HEAD,),
    Act.FORKS: (HEAD,),
}


def may(role: Role, act: Act) -> bool:
    """Whether somebody of a role may do something."""
    return role in _MAY[act]


def whose(role: Role, act: Act) -> str:
    """Why something is out of somebody's reach: who does it, and what he is."""
    return f"“{act.value}”由{'或'.join(_MAY[act])}办理，您现在的角色是{role}。"


def refusal(role: Role, act: Act) -> str:
    """The sentence for somebody who may not: what it was, and who may."""
    return f"“{act.value}”由{'或'.join(_MAY[act])}办理，您现在的角色是{role}，没有办理；请找{'或'.join(_MAY[act])}。"
