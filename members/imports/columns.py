"""The columns of a roster as universities write them, and the words that stand for the codes (domain.md 8.1, 8.3)."""

from django.utils.translation import gettext_lazy as _

from members.codes import ETHNICITY_CODES, Degree, EducationLevel, PersonKind, PoliticalStatus, Sex
from portal.imports.registry import Column
from portal.organizations.models import Standing

_DAY_HELP = _("A day, for example 2026-08-10.")

COLUMNS = (
    Column(
        "number",
        _("student or staff number"),
        "学号/工号",
        ("学号", "工号", "学工号", "职工号", "教工号", "学号或工号", "人员编号", "编号"),
        required=True,
        sample="20260101001",
        help=_("As text; it is how the person is recognized in later imports."),
        width=16,
    ),
    Column(
        "name",
        _("name"),
        "姓名",
        ("名字", "学生姓名", "教工姓名", "党员姓名"),
        required=True,
        sample="张示例",
        help=_("As on the identity card."),
        width=12,
    ),
    Column("sex", _("sex"), "性别", (), choices=("男", "女"), sample="女", width=6),
    Column(
        "ethnicity",
        _("ethnicity"),
        "民族",
        ("族别",),
        choices=tuple(f"{name}族" for name in list(ETHNICITY_CODES)[:56]),
        sample="汉族",
        width=10,
    ),
    Column(
        "birth_date",
        _("date of birth"),
        "出生日期",
        ("出生年月", "出生年月日", "生日"),
        is_date=True,
        sample="2006-03-15",
        help=_DAY_HELP,
    ),
    Column(
        "id_no",
        _("identity number"),
        "公民身份号码",
        ("身份证号", "身份证号码", "居民身份证号", "居民身份证号码", "身份证", "证件号码", "证件号"),
        sensitive=True,
        sample="11010519491231002X",
        help=_("18 characters, as text."),
        width=22,
    ),
    Column(
        "person_kind",
        _("kind of person"),
        "人员类别",
        ("类别", "人员类型", "身份类别", "学生类别"),
        choices=("本科生", "研究生", "硕士生", "博士生", "教职工", "离退休"),
        sample="本科生",
        width=10,
    ),
    Column(
        "education_level",
        _("education"),
        "学历",
        ("最高学历", "文化程度"),
        choices=("研究生", "大学本科", "大学本科在读", "大学专科", "高中"),
        sample="大学本科在读",
    ),
    Column("degree", _("degree"), "学位", ("最高学位",), choices=("博士", "硕士", "学士"), width=8),
    Column(
        "unit",
        _("party branch"),
        "所在党支部",
        ("党支部", "所属党支部", "支部", "所在支部", "支部名称", "党支部名称", "所属支部", "党组织", "所在党组织"),
        required=True,
        sample="财经学院本科生第一党支部",
        help=_("The name of the branch in the tree of the portal."),
        width=28,
    ),
    Column(
        "standing",
        _("political status"),
        "政治面貌",
        ("发展阶段", "当前阶段", "培养阶段", "党员类别", "党员身份"),
        required=True,
        choices=("中共党员", "中共预备党员", "发展对象", "入党积极分子", "入党申请人", "共青团员", "群众"),
        sample="入党积极分子",
        help=_("Or the stage on the way into the party."),
        width=14,
    ),
    Column(
        "application_on",
        _("date of application"),
        "申请入党日期",
        ("申请入党时间", "递交入党申请书日期", "递交入党申请书时间", "申请日期", "申请时间", "入党申请时间"),
        is_date=True,
        sample="2025-03-20",
        help=_DAY_HELP,
    ),
    Column(
        "activist_on",
        _("day of becoming an activist"),
        "确定积极分子日期",
        (
            "确定积极分子时间",
            "列为积极分子日期",
            "列为积极分子时间",
            "确定为入党积极分子日期",
            "确定为入党积极分子时间",
            "确定入党积极分子时间",
            "积极分子日期",
        ),
        is_date=True,
        sample="2025-09-28",
        help=_DAY_HELP,
    ),
    Column(
        "target_on",
        _("day of becoming a development target"),
        "确定发展对象日期",
        ("确定发展对象时间", "列为发展对象日期", "列为发展对象时间", "确定为发展对象日期", "发展对象日期"),
        is_date=True,
        help=_DAY_HELP,
    ),
    Column(
        "joined_on",
        _("day of joining the party"),
        "加入党组织日期",
        ("加入党组织时间", "入党日期", "入党时间", "接收为预备党员日期", "接收为预备党员时间", "接收预备党员时间"),
        is_date=True,
        help=_("The day of the branch congress."),
    ),
    Column(
        "converted_on",
        _("day of conversion"),
        "转正日期",
        ("转正时间", "转为正式党员日期", "转为正式党员时间"),
        is_date=True,
        help=_DAY_HELP,
    ),
    Column(
        "contact_name",
        _("cultivation contact"),
        "培养联系人",
        ("联系人", "入党培养联系人", "培养人"),
        sample="李示例",
        width=14,
    ),
    Column(
        "mobile",
        _("mobile number"),
        "手机号码",
        ("手机", "手机号", "联系电话", "移动电话", "电话", "联系方式"),
        sensitive=True,
        sample="13800000000",
        help=_("11 digits, as text."),
    ),
    Column(
        "email",
        _("e-mail address"),
        "电子邮箱",
        ("邮箱", "邮件", "电子邮件", "email", "e-mail", "电子信箱"),
        sample="zhang@example.edu.cn",
        width=24,
    ),
    Column("native_place", _("native place"), "籍贯", (), sample="河北定州"),
    Column(
        "home_address", _("home address"), "家庭住址", ("家庭地址", "住址", "家庭详细住址"), sensitive=True, width=30
    ),
    Column("notes", _("notes"), "备注", ("说明",), width=20),
)
DAY_COLUMNS = tuple(column.code for column in COLUMNS if column.is_date)

S, P = Standing, PoliticalStatus
# What rosters write under political status: the standing it names (or none) and the code of GB/T 4762 (or none).
STANDINGS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("中共党员", "中共正式党员", "正式党员", "党员", "中国共产党党员"), (S.FULL_MEMBER.value, P.PARTY_MEMBER.value)
    ),
    **dict.fromkeys(
        ("中共预备党员", "预备党员", "预备", "中国共产党预备党员"), (S.PROBATIONARY.value, P.PROBATIONARY_MEMBER.value)
    ),
    **dict.fromkeys(("发展对象", "党员发展对象", "重点发展对象", "拟发展对象"), (S.DEVELOPMENT_TARGET.value, "")),
    **dict.fromkeys(("入党积极分子", "积极分子", "重点积极分子"), (S.ACTIVIST.value, "")),
    **dict.fromkeys(("入党申请人", "申请人", "入党申请者", "申请入党人", "申请入党人员"), (S.APPLICANT.value, "")),
    **dict.fromkeys(("共青团员", "团员", "中国共产主义青年团团员"), ("", P.LEAGUE_MEMBER.value)),
    **dict.fromkeys(("群众", "普通群众"), ("", P.MASS.value)),
    "民革党员": ("", P.REVOLUTIONARY_COMMITTEE.value),
    "民盟盟员": ("", P.DEMOCRATIC_LEAGUE.value),
    "民建会员": ("", P.NATIONAL_CONSTRUCTION.value),
    "民进会员": ("", P.PROMOTING_DEMOCRACY.value),
    "农工党党员": ("", P.PEASANTS_AND_WORKERS.value),
    "致公党党员": ("", P.ZHI_GONG.value),
    "九三学社社员": ("", P.JIUSAN.value),
    "台盟盟员": ("", P.TAIWAN_SELF_GOVERNMENT.value),
    "无党派人士": ("", P.NO_PARTY.value),
    "无党派民主人士": ("", P.NO_PARTY.value),
}

K, L = PersonKind, EducationLevel
CODES: dict[str, dict[str, str]] = {
    "sex": {"男": Sex.MALE.value, "男性": Sex.MALE.value, "女": Sex.FEMALE.value, "女性": Sex.FEMALE.value},
    "ethnicity": {form: code for name, code in ETHNICITY_CODES.items() for form in (name, f"{name}族")},
    "person_kind": {
        **dict.fromkeys(("本科生", "本科"), K.UNDERGRADUATE.value),
        **dict.fromkeys(("研究生",), K.GRADUATE.value),
        **dict.fromkeys(("硕士生", "硕士研究生", "硕士"), K.MASTER.value),
        **dict.fromkeys(("博士生", "博士研究生", "博士"), K.DOCTOR.value),
        **dict.fromkeys(("专科生", "高职生"), K.JUNIOR_COLLEGE.value),
        **dict.fromkeys(("教职工", "教工", "职工", "在职教职工"), K.STAFF.value),
        **dict.fromkeys(("教师", "专任教师"), K.TEACHER.value),
        "辅导员": K.COUNSELLOR.value, "工勤": K.WORKER.value, "编外": K.CONTRACT.value,
        **dict.fromkeys(("管理", "管理人员", "行政"), K.ADMINISTRATOR.value),
        **dict.fromkeys(("专业技术", "专业技术人员"), K.PROFESSIONAL.value),
        "离休": K.VETERAN.value, **dict.fromkeys(("退休", "离退休", "退休人员"), K.RETIRED.value),
        "在职研究生": K.IN_SERVICE.value, **dict.fromkeys(("其他", "其它"), K.OTHER.value),
    },
    "education_level": {
        **dict.fromkeys(("研究生",), L.GRADUATE.value),
        **dict.fromkeys(("研究生在读", "硕士研究生在读", "博士研究生在读", "硕士在读", "博士在读"),
            L.GRADUATE_STUDYING.value),
        **dict.fromkeys(("博士研究生", "博士研究生毕业", "博士"), L.DOCTOR.value),
        **dict.fromkeys(("硕士研究生", "硕士研究生毕业", "硕士"), L.MASTER.value),
        **dict.fromkeys(("大学本科", "本科", "大学", "大学本科毕业", "本科毕业"), L.UNDERGRADUATE.value),
        **dict.fromkeys(("大学本科在读", "本科在读"), L.UNDERGRADUATE_STUDYING.value),
        **dict.fromkeys(("大学专科", "大专", "专科", "高职"), L.JUNIOR_COLLEGE.value),
        **dict.fromkeys(("大学专科在读", "大专在读", "专科在读"), L.JUNIOR_COLLEGE_STUDYING.value),
        **dict.fromkeys(("中专", "中等专科"), L.SECONDARY_SPECIALIZED.value),
        "职高": L.VOCATIONAL.value, "技校": L.TECHNICAL.value, "其他": L.OTHER.value,
        **dict.fromkeys(("高中", "普通高中"), L.SENIOR_HIGH.value), "初中": L.JUNIOR_HIGH.value,
        "小学": L.PRIMARY.value,
    },
    "degree": {
        **dict.fromkeys(("博士", "博士学位"), Degree.DOCTOR.value), "名誉博士": Degree.HONORARY_DOCTOR.value,
        **dict.fromkeys(("硕士", "硕士学位"), Degree.MASTER.value),
        **dict.fromkeys(("学士", "学士学位"), Degree.BACHELOR.value),
    },
}  # fmt: skip
