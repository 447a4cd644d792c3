"""Is the register what it was when it was written? Every answer is a Chinese sentence; none means sound."""

from __future__ import annotations

import hashlib

from pinggu_desk.register.audit import broken_rows
from pinggu_desk.register.edits import journal_faults
from pinggu_desk.register.store import Store

# each sealed table: what a row is called, and its columns in the order in which they were sealed; the seal is last
_SEALED = {
    "meta": ("库信息", "SELECT name, value, seal FROM meta"),
    "applicants": ("申请人", "SELECT id, kind, name, code, contact, phone, address, sample, seal FROM applicants"),
    "known_facts": (
        "已知信息",
        "SELECT id, applicant_id, fact, text, noted_on, case_id, noted_at, seal FROM known_facts",
    ),
    "cases": (
        "办件",
        "SELECT id, number, applicant_id, policy_id, opened_at, judged_on, pack_version, state, clerk_no, seal FROM cases",
    ),
    "edits": (
        "修改记录",
        "SELECT case_id, seq, kind, fact, before, after, parent, head, at, clerk_no, seal FROM edits",
    ),
    "answers": ("填报项", "SELECT case_id, fact, text, seq, seal FROM answers"),
    "edit_origins": ("填报来源", "SELECT case_id, seq, origin, seal FROM edit_origins"),
    "awards": (
        "已享受支持",
        "SELECT id, applicant_id, policy_id, benefit_id, amount_fen, awarded_on, matter, source, removed_at, seal FROM awards",
    ),
    "documents": (
        "文书",
        "SELECT serial, case_id, kind, file_name, sha256, determinations, issued_at, clerk_no, seal FROM documents",
    ),
    "visits": ("同一来访", "SELECT case_id, visit, place, seal FROM visits"),
    "shared_papers": ("合用文书", "SELECT serial, case_id, seal FROM shared_papers"),
    "paper_contents": ("文书内容", "SELECT serial, content, seal FROM paper_contents"),
    "paper_findings": ("文书结论", "SELECT serial, case_id, issued_at, found, seal FROM paper_findings"),
    "applicant_documents": (
        "证件类型",
        "SELECT applicant_id, document, reason, seal FROM applicant_documents",
    ),
    "merges": ("合并", "SELECT from_id, into_id, code, moved, at, clerk_no, seal FROM merges"),
    "parameters": (
        "外部参数",
        "SELECT id, name, value, since, until, source, entered_at, clerk_no, removed_at, seal FROM parameters",
    ),
    "list_shapes": ("名单列的对应", "SELECT shape, choices, by, at, seal FROM list_shapes"),
    "signing_keys": ("签发密钥", "SELECT id, private, made_at, seal FROM signing_keys"),
    "trusted_keys": (
        "可信公钥",
        "SELECT id, public, office, added_at, clerk_no, removed_at, seal FROM trusted_keys",
    ),
}
_KEYED_BY_TWO = ("edits", "answers", "edit_origins", "shared_papers")


def faults(db: Store) -> list[str]:
    """Everything that is wrong with an open database."""
    found = [f"登记库文件结构有损坏（{fault}），请从最近的备份恢复。" for fault in db.faults()]
    if found:
        return found  # rows of a broken file can't be trusted to be read
    for table, (what, sql) in _SEALED.items():
        with db.stream(sql) as rows:
            for row in rows:
                if bytes(row[-1]) != db.seal(table, *row[:-1]):
                    which = f"{row[0]}-{row[1]}" if table in _KEYED_BY_TWO else row[0]
                    found.append(f"{what}“{which}”的内容与校验码不符，可能被改动，请与备份核对。")
    with db.stream("SELECT f.serial, f.data, d.sha256 FROM paper_files f JOIN documents d USING (serial)") as rows:
        found += [
            f"文书“{serial}”的文件与登记的校验值不符，可能被改动，请与备份核对。"
            for serial, data, sha256 in rows
            if hashlib.sha256(data).hexdigest() != sha256
        ]
    found += journal_faults(db)
    found += [f"审计记录第 {number} 条被改动或缺失，请保留现场并报告管理员。" for number in broken_rows(db)]
    return found
