"""演示的名字：everybody and everything here is fictional, and looks it (示例, 0000-555, 999999)."""

from datetime import date, timedelta

from portal.models.vocabulary import Duty

QINGHE, BAILU = "qinghe", "bailu"
VILLAGES = {
    QINGHE: [
        ("liuwan", "柳湾村"), ("shiqiao", "石桥村"), ("nanpo", "南坡村"),
        ("hekou", "河口村"), ("dongling", "东岭村"), ("baiyang", "白杨村"),
    ],
    BAILU: [("luzhou", "鹭洲村"), ("shatan", "沙滩村")],
}  # fmt: skip
CONSTRUCTION = ["village-construction", "agriculture", "natural-resources", "forestry", "water", "rural-revitalisation"]
WELFARE = ["social-affairs", "food-safety", "veterans", "justice"]

# work name, name, office, duty, title, offices whose items the window serves
STAFF = [
    ("chen", "陈示例", "service-centre", Duty.WINDOW, "1号窗口", CONSTRUCTION),
    ("wang", "王示例", "service-centre", Duty.WINDOW, "2号窗口", WELFARE),
    ("wei", "卫示例", "service-centre", Duty.WINDOW, "3号窗口", ["service-centre", "party-gov"]),
    ("zhou", "周示例", "service-centre", Duty.AGENT, "代办岗", []),
    ("dai", "戴示例", "service-centre", Duty.REVIEW, "人社医保审核岗", []),
    ("ning", "宁示例", "service-centre", Duty.APPROVE, "人社医保审批岗", []),
    ("he", "何示例", "service-centre", Duty.OFFICE_HEAD, "中心主任", []),
    ("deng", "邓示例", "village-construction", Duty.REVIEW, "村建办审核岗", []),
    ("jian", "简示例", "village-construction", Duty.OFFICE_HEAD, "村建办主任", []),
    ("fang", "方示例", "agriculture", Duty.REVIEW, "农业农村办审核岗", []),
    ("nong", "农示例", "agriculture", Duty.OFFICE_HEAD, "农业农村办主任", []),
    ("sun", "孙示例", "natural-resources", Duty.REVIEW, "自然资源所审核岗", []),
    ("shui", "水示例", "water", Duty.REVIEW, "水利站审核岗", []),
    ("lin", "林示例", "forestry", Duty.REVIEW, "林业站审核岗", []),
    ("mu", "穆示例", "forestry", Duty.APPROVE, "林业站审批岗", []),
    ("senlin", "森示例", "forestry", Duty.OFFICE_HEAD, "林业站站长", []),
    ("she", "佘示例", "social-affairs", Duty.REVIEW, "社会事务办审核岗", []),
    ("shi", "史示例", "social-affairs", Duty.OFFICE_HEAD, "社会事务办主任", []),
    ("shihe", "石示例", "food-safety", Duty.APPROVE, "食安办审批岗", []),
    ("anhe", "谷示例", "food-safety", Duty.OFFICE_HEAD, "食安办主任", []),
    ("xin", "辛示例", "rural-revitalisation", Duty.REVIEW, "乡村振兴办审核岗", []),
    ("xing", "邢示例", "rural-revitalisation", Duty.OFFICE_HEAD, "乡村振兴办主任", []),
    ("wu", "武示例", "veterans", Duty.REVIEW, "退役军人服务站审核岗", []),
    ("tiao", "田示例", "mediation", Duty.APPROVE, "人民调解员", []),
    ("zheng", "郑示例", "township-government", Duty.TOWN_LEADER, "镇长", []),
    ("fu", "傅示例", "township-government", Duty.TOWN_LEADER, "分管副镇长", []),
    ("du", "杜示例", "party-gov", Duty.SUPERVISE, "督查岗", []),
    ("dang", "党示例", "party-gov", Duty.REVIEW, "党政办审核岗", []),
    ("zong", "宗示例", "party-gov", Duty.OFFICE_HEAD, "党政办主任", []),
    ("gao", "高示例", "party-gov", Duty.DRAFT, "公开拟稿岗", []),
    ("gong", "龚示例", "party-gov", Duty.DISCLOSURE_REVIEW, "公开审核岗", []),
    ("bu", "卜示例", "party-gov", Duty.PUBLISH, "公开发布岗", []),
    ("pi", "皮示例", "party-gov", Duty.ITEM_APPROVE, "事项审批岗", []),
    ("li", "历示例", "party-gov", Duty.CALENDAR, "日历岗", []),
    ("suan", "栾示例", "party-gov", Duty.CALENDAR, "日历复核岗", []),
]  # fmt: skip
VILLAGE_AGENTS = {
    "liuwan": ("liu", "柳示例"), "shiqiao": ("qiao", "乔示例"), "nanpo": ("nan", "南示例"),
    "hekou": ("hekou", "霍示例"), "dongling": ("dong", "董示例"), "baiyang": ("bai", "白示例"),
    "luzhou": ("lu", "鹿示例"), "shatan": ("sha", "沙示例"),
}  # fmt: skip
SMALL_STAFF = [
    ("cheng", "程示例", "service-centre", Duty.WINDOW, "1号窗口", [*CONSTRUCTION, *WELFARE, "service-centre", "party-gov"]),
    ("dou", "窦示例", "service-centre", Duty.AGENT, "代办岗", []),
    ("qu", "曲示例", "service-centre", Duty.APPROVE, "综合审批岗", []),
    ("shan", "单示例", "social-affairs", Duty.OFFICE_HEAD, "社会事务办主任", []),
    ("pu", "浦示例", "agriculture", Duty.OFFICE_HEAD, "农业农村办主任", []),
    ("mai", "麦示例", "food-safety", Duty.APPROVE, "食安办审批岗", []),
    ("tang", "唐示例", "township-government", Duty.TOWN_LEADER, "乡长", []),
    ("ji", "纪示例", "party-gov", Duty.SUPERVISE, "督查岗", []),
    ("tu", "屠示例", "party-gov", Duty.ITEM_APPROVE, "事项审批岗", []),
]  # fmt: skip
SMALL_ITEMS = ("MZ-001", "MZ-006", "RS-001", "RS-003", "YB-001", "NY-001", "NY-002", "SJ-001", "SJ-002")

SURNAMES = (
    "安鲍毕卞蔡曹岑常车迟池褚崔邸丁樊范费冯葛耿古管郭韩郝洪侯胡黄季贾江姜蒋焦金康柯孔赖蓝雷黎"
    "廖刘龙卢罗吕马毛孟莫倪牛潘庞彭齐钱秦邱任沈盛宋苏谭陶万汪韦文吴伍夏萧谢熊徐许薛严颜杨姚叶尹于"
)
RELATIVE_OF = ("fang", 7, "兄弟")  # the deputy 方示例 has a brother among the villagers: 回避


def identity_number(place: int) -> str:
    """虚构的证件号码: an area code that was never given out, sequence 000, and a valid check digit (GB 11643)."""
    born = date(1951, 3, 2) + timedelta(days=place * 131 % 18000)
    body = f"999999{born:%Y%m%d}000"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def phone_number(place: int) -> str:
    """虚构的电话: 0000-555 and four digits."""
    return f"0000555{place:04d}"


def shown_phone(place: int) -> str:
    """页面上的写法"""
    return f"0000-555 {place:04d}"
