"""A rehearsal and a list of backups in words: the desk and the command line say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pinggu_desk.register.backupnotes import Backup, backups_in, size_words

if TYPE_CHECKING:
    from pinggu_desk.register.rehearsal import CaseLine, PaperLine, Rehearsal

_MOST = 200  # lines of a kind; a longer list is counted


def backup_words(backup: Backup, *, checked: bool | None = None) -> str:
    """One backup: day, size, why, what it holds, whether it is whole. ``checked`` tells what reading it through gave."""
    note = backup.note
    words = [f"{backup.at:%Y-%m-%d %H:%M}", size_words(backup.size)]
    if note is not None:
        words += [note.why, *(f"{what}{count}" for what, count in note.counts.items())]
    if not backup.whole or checked is False:
        words.append("不完整，不能用")
    elif checked:
        words.append("与备份时核验过的一样")
    return f"{backup.name}　{'，'.join(word for word in words if word)}"


def chosen_words(place: Path) -> str:
    """Which backup a new machine would begin from, before anything is done. Raises `NotFound`."""
    from pinggu_desk.register.restoring import backup_of

    one, several = backup_of(place), len(backups_in(place)) > 1
    other = "；要用别的一份，请选它自己的文件夹" if several else ""
    return f"将用{'其中最近的一份' if several else ''}：{backup_words(one)}。备份以后办的不在里面{other}。"


def rehearsal_lines(said: Rehearsal, titles: Mapping[str, str]) -> list[str]:
    """What a restore would change, a line each: what is lost first."""
    if said.faults:
        return [f"备份“{said.name}”没有通过核验，不能恢复：{said.faults[0]}"]
    day = date.fromisoformat(said.made_at[:10])
    lines = [f"恢复到“{said.name}”（{day.year}年{day.month}月{day.day}日 {said.made_at[11:16]}）："]
    lines += _cases("会失去的办件", said.lost, titles) + _papers("会失去的文书", said.lost_papers)
    lines += [f"会退回去的办件：{_case(case, titles)}，{_steps(case.edits)}" for case in said.changed[:_MOST]] + _more(
        said.changed
    )
    lines += _count("会失去的申请人", said.lost_applicants, "位") + _count("会失去的奖励登记", said.lost_awards, "条")
    if said.loses_nothing:
        lines.append("现有的办件、文书、申请人和奖励，备份里都有，不会失去。")
    lines += _cases("会回来的办件", said.back, titles) + _papers("会回来的文书", said.back_papers)
    lines += _count("会回来的申请人", said.back_applicants, "位") + _count("会回来的奖励登记", said.back_awards, "条")
    if said.forgotten:
        lines.append(
            f"注意：{'、'.join(said.forgotten)} 清除过到期资料，恢复会把它们带回来；恢复后请重新清除，并删去这份旧备份。"
        )
    if not said.follows:
        lines.append("注意：现在的登记库不是接着这个备份办下来的（中间恢复过，或属于另一个登记库）。")
    if not said.same_key:
        lines.append("注意：备份以后换过密钥，恢复后人员和口令是备份那天的；那以后移除的人要再移除一次。")
    lines.append(
        "登记库在服务器上：只能恢复到另一个准备好的空库（pinggu-desk register restore 备份 --into 设置文件），"
        "现在的登记库留在原来的库里，不动。"
        if said.on_server
        else "现在的登记库会整套移到旁边留存，随时可以再恢复回来。"
    )
    return lines


def _cases(what: str, cases: Sequence[CaseLine], titles: Mapping[str, str]) -> list[str]:
    return [f"{what}：{_case(case, titles)}" for case in cases[:_MOST]] + _more(cases)


def _papers(what: str, papers: Sequence[PaperLine]) -> list[str]:
    return [f"{what}：{paper.serial}　{paper.day}　{paper.kind}" for paper in papers[:_MOST]] + _more(papers)


def _case(case: CaseLine, titles: Mapping[str, str]) -> str:
    return f"{case.number}　{case.day}　{titles.get(case.policy_id, case.policy_id)}　{case.who}　{case.state}"


def _steps(edits: int) -> str:
    return f"少 {edits} 步填写" if edits > 0 else f"多 {-edits} 步填写" if edits else "状态或内容不同"


def _more(rows: Sequence[object]) -> list[str]:
    return [f"……另有 {len(rows) - _MOST} 项"] if len(rows) > _MOST else []


def _count(what: str, count: int, unit: str) -> list[str]:
    return [f"{what}：{count} {unit}"] if count else []
