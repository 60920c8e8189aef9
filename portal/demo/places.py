"""演示的地方：two fictional townships of one fictional county, with villages, offices and their catalogue."""

from datetime import date
from functools import cache
from pathlib import Path

from approvals.actions import switch_on
from portal.demo.names import BAILU, QINGHE, SMALL_ITEMS, VILLAGES, shown_phone
from portal.errors import InvalidInput
from portal.models import Office, Township, User, Village
from services.catalogue import OfficeSpec, load, read_offices
from services.catalogue_files import read_overlay, read_yaml
from services.definition import Citation, ItemDefinition, OnTimeout
from services.importing import import_items
from services.models import ServiceItem
from services.modes import proposals

DATA = Path(__file__).resolve().parents[2] / "services" / "data"
SIX = ["服务内容", "办事程序", "申报材料", "承诺时限", "收费标准和依据", "办理结果"]
STRICT = ["严格按程序办理", "严格按时限办结"]
PUBLISHED_ON = "2026-01-05"
LOCAL_RULE = ("示例县一次性告知办法（虚构）", "第五条")
# item, target, mode, document, article: every one of them invented, and called so. 联审：资格与面积 stays a proposal,
# so that the page of modes has something to say about what its silence would have meant.
MODES = [
    ("SJ-002", "item", OnTimeout.RECORD, "示例省食品摊贩备案办法（虚构）", "第八条"),
    ("SJ-001", "item", OnTimeout.RECORD, "示例省农村集体聚餐告知办法（虚构）", "第六条"),
    ("NY-002", "item", OnTimeout.RECORD, "示例省农村土地经营权流转备案规定（虚构）", "第七条"),
    ("ZR-001", "joint-construction", OnTimeout.CONSENT, "示例县乡镇联审联批办法（虚构）", "第九条"),
    ("RS-003", "item", OnTimeout.COMPLETE, "示例县便民服务自动办结办法（虚构）", "第四条"),
    ("DEMO-01", "item", OnTimeout.COMPLETE, "示例县便民服务卡管理办法（虚构）", "第六条"),
    ("DEMO-03", "item", OnTimeout.GRANT, "示例省乡村文化设施条例（虚构）", "第十八条"),
]
FUNCTIONS = {
    "service-centre": "一个窗口受理群众办事，全程代办，负责人社、医保、卫健等下沉服务的受理和审核。",
    "social-affairs": "最低生活保障、特困供养、临时救助、残疾人和老年人福利、殡葬管理的受理审核。",
    "village-construction": "村镇规划建设、农房建设管理、危房改造。",
    "agriculture": "农业生产、宅基地管理、土地经营权流转、惠农补贴。",
    "rural-revitalisation": "防止返贫监测帮扶、乡村建设。",
    "food-safety": "食品摊贩备案、农村集体聚餐告知、食品安全检查。",
    "party-gov": "公文、政务公开、督查、值班。",
    "veterans": "退役军人建档立卡、优待证申领、走访慰问。",
    "township-government": "乡镇人民政府的决定、命令，行政许可的审批。",
    "natural-resources": "县自然资源局派出机构，国土空间规划和用地审核。",
    "forestry": "林木采伐审核、森林防火。",
    "water": "河道、小型水利设施管理。",
    "justice": "法律援助受理转交、普法、社区矫正。",
    "mediation": "民间纠纷调解。",
    "village-committee": "村级代办、入户走访、村级公示。",
}


@cache
def definitions() -> tuple[list[ItemDefinition], list[ItemDefinition], list[OfficeSpec]]:
    """四十二个事项、三个演示事项和站所, read from the reviewed files; ValueError lists every mistake."""
    overlay = read_overlay(DATA / "overlay")
    found = [load(read_yaml(DATA / name), overlay) for name in ("catalogue.yaml", "demo_items.yaml")]
    errors = [error for _, wrong in found for error in wrong]
    if errors:
        raise ValueError("；".join(f"{e.item_id} {e.field} {e.message}" for e in errors))
    return found[0][0], found[1][0], read_offices(overlay)[0]


def make_townships() -> tuple[Township, Township]:
    """青禾镇和白鹭乡, with their villages"""
    first = _make_township(QINGHE, "青禾镇", 100, is_default=not Township.objects.filter(is_default=True).exists())
    second = _make_township(BAILU, "白鹭乡", 200)
    return first, second


def _make_township(slug: str, name: str, phones: int, *, is_default: bool = False) -> Township:
    township, _ = Township.objects.get_or_create(
        slug=slug,
        defaults={
            "name": name,
            "full_name": f"示例县{name}人民政府",
            "is_default": is_default,
            "hotline": shown_phone(phones),
            "complaint_phone": shown_phone(phones + 9),
            "address": f"示例县{name}示例路1号（虚构）",
            "review_organ": "示例县人民政府（虚构）",
            "court": "示例县人民法院（虚构）",
            "disclosures": SIX,
            "strictness": STRICT,
        },
    )
    for order, (village, label) in enumerate(VILLAGES[slug], 1):
        Village.objects.get_or_create(
            township=township,
            slug=village,
            defaults={"name": label, "phone": shown_phone(phones + 20 + order), "address": f"{label}村委会一楼代办点"},
        )
    return township


def import_catalogue(first: Township, second: Township) -> None:
    """导入事项: all of them for the first township, a smaller set beside it; offices come from the overlay."""
    real, shown, offices = definitions()
    import_items(township=first, definitions=[*real, *shown], offices=offices)
    import_items(township=second, definitions=[one for one in real if one.code in SMALL_ITEMS], offices=offices)
    for township, phones in ((first, 110), (second, 210)):
        _describe_offices(township, phones)


def import_offices(*townships: Township) -> None:
    """先有站所，岗位才有着落"""
    for township in townships:
        import_items(township=township, definitions=[], offices=definitions()[2])


def _describe_offices(township: Township, phones: int) -> None:
    for office in Office.objects.filter(township=township, key__in=FUNCTIONS, functions=""):
        office.functions, office.phone = FUNCTIONS[office.key], shown_phone(phones + office.order)
        office.save(update_fields=["functions", "phone"])


def switch_modes_on(township: Township, by: User) -> list[str]:
    """开通默认方式 – what the engine refuses stays off; returns the sentences of the refusals."""
    refused = []
    items = {item.code: item for item in ServiceItem.objects.filter(township=township).select_related("current")}
    wanted = [row for row in MODES if row[0] in items]
    wanted += [(code, "intake", OnTimeout.ACCEPT, *LOCAL_RULE) for code, item in items.items() if _proposes_accept(item)]
    for code, target, mode, title, article in wanted:
        try:
            citation = Citation(title, article, PUBLISHED_ON)
            switch_on(item=items[code], target=target, mode=mode, citation=citation, by=by)
        except InvalidInput as error:
            refused.append(f"{code}：{error.message}")
    return refused


def _proposes_accept(item: ServiceItem) -> bool:
    return item.current is not None and item.online and (OnTimeout.ACCEPT, None) in proposals(item.current.rules)


def documents_in_force(on: date) -> bool:
    """演示文件公布了没有: none of them can be cited before its own publication."""
    return on >= date.fromisoformat(PUBLISHED_ON)
