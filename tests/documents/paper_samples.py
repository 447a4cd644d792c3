"""Sample visits for the papers' tests: plain samples (示例), from one line to more than any real visit has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.notes import DeadlineNote, Indicator, MaterialNote, Missing, ReadingNote, TraceLine
from pinggu_desk.documents.visit import Contact, MaterialLine, Party, Stated, Visit

QUOTES = {
    "ss.2.2.1": "（1）企业在沪、深交易所主板上市成功后，可获得奖励资金1000万元。",
    "ss.2.2.2": "（2）企业在北交所、上交所科创板、深交所创业板上市成功后，可获得奖励资金800万。",
    "ss.2.2.3a": "（3）企业在新三板创新层挂牌成功后，可获得奖励资金100万元。",
    "ss.2.2.3b": "已挂牌企业转板上市的，可以申请补齐奖励资金的差额。",
    "ss.1a": "在本区内工商注册，具备独立法人资格，并纳入平谷区统计的企业。",
    "ss.3.1a": "符合上市、挂牌奖励条件的企业，应在上市、挂牌成功后60个工作日内向区财政局（金融办）提交资金申请，",
    "tztc.3.1A": r"能源节约量 A | 指标分档（吨标煤） | $A < 10$ | $10 \leq A < 30$ | $A \geq 500$",
}
PLACES = {
    "ss.2.2.1": "二、（二）（1）",
    "ss.2.2.2": "二、（二）（2）",
    "ss.2.2.3a": "二、（二）（3）",
    "ss.2.2.3b": "二、（二）（3）",
    "ss.1a": "一、",
    "ss.3.1a": "三、（一）",
    "tztc.3.1A": "三、1",
    "ss.3.2.1": "三、（二）1",
    "ss.3.2.2": "三、（二）2",
    "ss.3.2.3": "三、（二）3",
    "ss.3.2.5": "三、（二）5",
}
DEADLINE = DeadlineNote(
    "自上市、挂牌成功之日起60个工作日内（起算日不计入）",
    date(2027, 1, 29),
    True,
    False,
    "ss.3.1a",
    "逾期申请视为自动放弃",
    pending="2027年放假安排尚未公布",
)
READING = ReadingNote(
    "transfer",
    "ss.2.2.3b",
    "补差是否限于在本区领过挂牌奖励的企业",
    "未领过挂牌奖励的，按全额计算",
    "只补差额，未领过的不给",
    "按另一读法：可申请，900万元（按条款计算）",
)
ELIGIBLE = Determination(
    policy="ss",
    policy_title="平谷区进一步鼓励和促进企业上市办法",
    benefit="ss.main",
    title="沪深交易所主板上市奖励",
    clause="ss.2.2.1",
    kind="grant",
    recipient="企业",
    status="eligible",
    figure="computed",
    amount_fen=1_000_000_000,
    min_fen=1_000_000_000,
    max_fen=1_000_000_000,
    trace=(
        TraceLine("工商注册地在平谷区：符合", "ss.1a", "holds"),
        TraceLine("上市板块 沪深交易所主板：符合", "ss.2.2.1", "holds"),
        TraceLine("奖励资金 1000万元，减已领挂牌奖励 0元 = 1000万元", "ss.2.2.3b", "value"),
    ),
    deadline=DEADLINE,
    readings=(READING,),
    notes=("奖励资金一次性发放。",),
)
REFUSED = Determination(
    policy="ss",
    policy_title=ELIGIBLE.policy_title,
    benefit="ss.neeq",
    title="新三板创新层挂牌奖励",
    clause="ss.2.2.3a",
    kind="grant",
    recipient="企业",
    status="ineligible",
    figure="computed",
    trace=(
        TraceLine("工商注册地在平谷区：符合", "ss.1a", "holds"),
        TraceLine("挂牌层次 基础层，须为创新层：不符合", "ss.2.2.3a", "fails"),
    ),
)
UNKNOWN = replace(
    REFUSED,
    benefit="ss.star",
    title="北交所、科创板、创业板上市奖励",
    clause="ss.2.2.2",
    status="unknown",
    figure="up_to",
    max_fen=800_000_000,
    trace=(TraceLine("是否纳入平谷区统计：待补充", "ss.1a", "open"),),
    missing=(
        Missing("是否纳入平谷区统计", "in_statistics", "ask", why="判断服务对象"),
        Missing("上一年度北京市全社会职工平均工资", "avg_wage", "parameter"),
    ),
)
REVIEW = replace(
    REFUSED,
    benefit="ss.review",
    title="京外迁入上市企业同等支持",
    status="review",
    figure="by_review",
    trace=(TraceLine("迁入前已上市", "ss.1a", "holds"),),
    missing=(Missing("迁入是否完成", "moved_in", "verdict", who="区财政局", why="原文未写起算日"),),
)
SERVICE = replace(
    REFUSED,
    benefit="ss.guide",
    title="上市培育辅导",
    status="eligible",
    figure="in_kind",
    trace=(TraceLine("拟上市企业：符合", "ss.1a", "holds"),),
    services=("提供精准化、全生命周期的上市辅导",),
)
SCORED = replace(
    ELIGIBLE,
    benefit="tztc.fund",
    title="调整退出引导资金",
    clause="tztc.3.1A",
    amount_fen=120_000_050,
    score=63,
    trace=(TraceLine("综合得分 63 分，属于“60 ≤ S < 70”一档", "tztc.3.1A", "value"),),
    indicators=(
        Indicator("能源节约量", "120吨标煤", "100 ≤ A < 200", 20, None, "tztc.3.1A"),
        Indicator("税收贡献", "180万元", "150 ≤ B < 300", 15, None, "tztc.3.1A"),
        Indicator("设备投资比例", "72%", "不低于70%", None, True, "tztc.3.1A"),
    ),
    deadline=None,
    readings=(),
)
MATERIALS = (
    MaterialLine(
        MaterialNote("form", "企业上市、挂牌奖励扶持专项资金申请表", "原件", True, "本窗口打印", "ss.3.2.1"), "已收"
    ),
    MaterialLine(
        MaterialNote("licence", "上市、挂牌企业营业执照副本复印件", "复印件", True, "自备", "ss.3.2.2"), "待补"
    ),
    MaterialLine(MaterialNote("deal", "辅导协议、保荐协议和承销协议的复印件", "复印件", False, "", "ss.3.2.3"), "待补"),
    MaterialLine(MaterialNote("other", "其他相关文件", "", False, "", "ss.3.2.5"), "不适用"),
)
TYPICAL = Visit(
    applicant=Party("示例桃源科技有限公司", "91110117MA0EXAMPL8", contact="示例联系人", phone="010-00000000"),
    policy="ss",
    policy_title=ELIGIBLE.policy_title,
    source="依据2024年2月《平谷区推动高质量发展惠企助企政策汇编（简版）》，简版没有文号和有效期",
    form_title="企业上市、挂牌奖励扶持专项资金申请表",
    on=date(2026, 11, 24),
    printed_at=datetime(2026, 11, 24, 9, 30),
    pack_version="2024.02-3",
    determinations=(ELIGIBLE, UNKNOWN, REVIEW, SERVICE, REFUSED),
    stated=(
        Stated("注册地", "平谷区"),
        Stated("是否纳入平谷区统计", "未答"),
        Stated("上市日期", "2026年11月2日"),
        Stated("上市板块", "沪深交易所主板"),
        Stated("已领挂牌奖励", "0元", source="登记信息"),
        Stated("主营业务", "农业装备的研发、生产和销售，农产品冷链物流的建设与运营，以及相关的技术咨询和技术服务"),
    ),
    materials=MATERIALS,
    contacts=(
        Contact("政策制定部门", "区财政局"),
        Contact("负责科室", "金融服务科"),
        Contact("咨询专线", "010-6997126", "比其他号码少一位，另一处印作 010-69971260"),
    ),
    steps=("1. 向区财政局（金融办）提交资金申请；", "2. 区财政局（金融办）审核；", "3. 拨付资金。"),
    quotes=QUOTES,
    clause_words=PLACES,
    serial="PG-3-20261124-0001",
    clerk="示例经办 003",
    window="3号窗口",
    office="示例街道政务服务中心",
)
SHORT = replace(
    TYPICAL,
    applicant=Party("示例人", "110117199001011230", kind="个人"),
    determinations=(REFUSED,),
    stated=(),
    materials=(),
    contacts=(),
    steps=(),
    serial=None,
    office="",
    clerk="",
    window="",
    practice=True,
)
HOSTILE = "<b>&amp;{{示例%s}}</b>\u202e倒置\u200b\x07\r\n行"
EXTREME = replace(
    TYPICAL,
    applicant=Party("示例" + "极长名称" * 124 + "公司", "91110117MA0EXAMPL8"),
    determinations=(
        *(
            replace(d, benefit=f"ss.{n}{i}", title=f"{d.title}（第{i}批）" + HOSTILE * (i % 2))
            for i in range(1, 4)
            for n, d in enumerate((ELIGIBLE, UNKNOWN, SCORED, REFUSED))
        ),
    ),
    stated=tuple(Stated(f"示例填报项{i}", f"{i},000.50 万元" if i % 3 else "很长的陈述" * i) for i in range(1, 31)),
    steps=tuple(f"{i}. " + "办理步骤说明" * (4 * i) for i in range(1, 13)),
    practice=True,
)
RARE = replace(TYPICAL, applicant=Party("示例㛃𬭎𡌶谷方用行人有限公司", "91110117MA0EXAMPL8"))
