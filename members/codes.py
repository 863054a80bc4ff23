"""Code lists of the collection form (domain.md 8.3), as data. National lists keep their national codes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    """GB/T 2261.1."""

    UNKNOWN = "0", _("unknown")
    MALE = "1", _("male")
    FEMALE = "2", _("female")
    UNSTATED = "9", _("not stated")


class PoliticalStatus(models.TextChoices):
    """GB/T 4762; not the same list as the standing."""

    PARTY_MEMBER = "01", _("member of the Communist Party of China")
    PROBATIONARY_MEMBER = "02", _("probationary member of the Communist Party of China")
    LEAGUE_MEMBER = "03", _("member of the Communist Youth League")
    REVOLUTIONARY_COMMITTEE = "04", _("Revolutionary Committee of the Chinese Kuomintang")
    DEMOCRATIC_LEAGUE = "05", _("China Democratic League")
    NATIONAL_CONSTRUCTION = "06", _("China National Democratic Construction Association")
    PROMOTING_DEMOCRACY = "07", _("China Association for Promoting Democracy")
    PEASANTS_AND_WORKERS = "08", _("Chinese Peasants' and Workers' Democratic Party")
    ZHI_GONG = "09", _("China Zhi Gong Party")
    JIUSAN = "10", _("Jiusan Society")
    TAIWAN_SELF_GOVERNMENT = "11", _("Taiwan Democratic Self-Government League")
    NO_PARTY = "12", _("personage without party affiliation")
    MASS = "13", _("masses")


class EducationLevel(models.TextChoices):
    """GB/T 4658, with a general value and one for those still studying on each of the upper levels."""

    GRADUATE = "10", _("graduate studies")
    GRADUATE_STUDYING = "10S", _("graduate studies, in progress")
    DOCTOR = "11", _("doctoral studies completed")
    DOCTOR_ENDED = "12", _("doctoral studies ended without degree")
    DOCTOR_BROKEN_OFF = "13", _("doctoral studies broken off")
    MASTER = "14", _("master studies completed")
    MASTER_ENDED = "15", _("master studies ended without degree")
    MASTER_BROKEN_OFF = "16", _("master studies broken off")
    GRADUATE_CLASS = "17", _("graduate class")
    UNDERGRADUATE = "21", _("undergraduate studies completed")
    UNDERGRADUATE_STUDYING = "21S", _("undergraduate studies, in progress")
    UNDERGRADUATE_ENDED = "22", _("undergraduate studies ended without degree")
    UNDERGRADUATE_BROKEN_OFF = "23", _("undergraduate studies broken off")
    JUNIOR_COLLEGE = "31", _("junior college completed")
    JUNIOR_COLLEGE_STUDYING = "31S", _("junior college, in progress")
    SECONDARY_SPECIALIZED = "41", _("secondary specialized school")
    VOCATIONAL = "44", _("vocational high school")
    TECHNICAL = "47", _("technical school")
    SENIOR_HIGH = "61", _("senior high school")
    JUNIOR_HIGH = "71", _("junior high school")
    PRIMARY = "81", _("primary school")
    OTHER = "90", _("other")


class Degree(models.TextChoices):
    """GB/T 6864."""

    HONORARY_DOCTOR = "1", _("honorary doctor")
    DOCTOR = "2", _("doctor")
    MASTER = "3", _("master")
    BACHELOR = "4", _("bachelor")


class EducationMode(models.TextChoices):
    FULL_TIME = "full_time", _("full-time")
    IN_SERVICE = "in_service", _("in-service")


class PersonKind(models.TextChoices):
    """Student and staff kinds in one list; the general values serve rosters that say no more."""

    UNDERGRADUATE = "undergraduate", _("undergraduate")
    GRADUATE = "graduate", _("graduate student")
    MASTER = "master", _("master student")
    DOCTOR = "doctor", _("doctoral student")
    JUNIOR_COLLEGE = "junior_college", _("junior college student")
    ABROAD = "abroad", _("student abroad")
    IN_SERVICE = "in_service", _("in-service graduate student")
    STAFF = "staff", _("staff")
    TEACHER = "teacher", _("full-time teacher")
    COUNSELLOR = "counsellor", _("counsellor")
    ADMINISTRATOR = "administrator", _("administrator")
    PROFESSIONAL = "professional", _("professional and technical staff")
    WORKER = "worker", _("worker")
    CONTRACT = "contract", _("contract staff")
    VETERAN = "veteran", _("retired veteran cadre")
    RETIRED = "retired", _("retired")
    OTHER = "other", _("other")


STUDENT_KINDS = frozenset(
    {
        PersonKind.UNDERGRADUATE,
        PersonKind.GRADUATE,
        PersonKind.MASTER,
        PersonKind.DOCTOR,
        PersonKind.JUNIOR_COLLEGE,
        PersonKind.ABROAD,
        PersonKind.IN_SERVICE,
    }
)
RETIRED_KINDS = frozenset({PersonKind.VETERAN, PersonKind.RETIRED})


class EntryKind(models.TextChoices):
    """How a person came into the branch."""

    NEWLY_ADMITTED = "newly_admitted", _("newly admitted")
    TRANSFER_IN_SAME_PROVINCE = "transfer_in_same_province", _("transferred in within the province")
    TRANSFER_IN_OTHER_PROVINCE = "transfer_in_other_province", _("transferred in from another province")
    INTERNAL_MOVE = "internal_move", _("moved within the university")
    RESTORED = "restored", _("membership restored")
    REJOINED = "rejoined", _("joined again")


class LeaveKind(models.TextChoices):
    """How a person left the branch."""

    TRANSFER_OUT = "transfer_out", _("transferred out")
    DECEASED = "deceased", _("deceased")
    EXPELLED = "expelled", _("expelled")
    STRUCK_OFF = "struck_off", _("struck off")
    WITHDREW = "withdrew", _("withdrew")
    SUSPENDED = "suspended", _("membership suspended")
    PROBATION_CANCELLED = "probation_cancelled", _("probation cancelled")


class ConversionKind(models.TextChoices):
    """How probation ended."""

    ON_TIME = "on_time", _("converted on time")
    AFTER_EXTENSION = "after_extension", _("converted after extension")
    EXTENDED = "extended", _("probation extended")
    CANCELLED = "cancelled", _("probation cancelled")


# GB/T 3304: code, the Chinese name as rosters write it (without the word for ethnic group), English.
# fmt: off
_ETHNICITIES = [
    ("01", "汉", _("Han")), ("02", "蒙古", _("Mongol")), ("03", "回", _("Hui")), ("04", "藏", _("Tibetan")),
    ("05", "维吾尔", _("Uyghur")), ("06", "苗", _("Miao")), ("07", "彝", _("Yi")), ("08", "壮", _("Zhuang")),
    ("09", "布依", _("Buyei")), ("10", "朝鲜", _("Korean")), ("11", "满", _("Manchu")), ("12", "侗", _("Dong")),
    ("13", "瑶", _("Yao")), ("14", "白", _("Bai")), ("15", "土家", _("Tujia")), ("16", "哈尼", _("Hani")),
    ("17", "哈萨克", _("Kazakh")), ("18", "傣", _("Dai")), ("19", "黎", _("Li")), ("20", "傈僳", _("Lisu")),
    ("21", "佤", _("Va")), ("22", "畲", _("She")), ("23", "高山", _("Gaoshan")), ("24", "拉祜", _("Lahu")),
    ("25", "水", _("Sui")), ("26", "东乡", _("Dongxiang")), ("27", "纳西", _("Nakhi")), ("28", "景颇", _("Jingpo")),
    ("29", "柯尔克孜", _("Kyrgyz")), ("30", "土", _("Tu")), ("31", "达斡尔", _("Daur")), ("32", "仫佬", _("Mulao")),
    ("33", "羌", _("Qiang")), ("34", "布朗", _("Blang")), ("35", "撒拉", _("Salar")), ("36", "毛南", _("Maonan")),
    ("37", "仡佬", _("Gelao")), ("38", "锡伯", _("Xibe")), ("39", "阿昌", _("Achang")), ("40", "普米", _("Pumi")),
    ("41", "塔吉克", _("Tajik")), ("42", "怒", _("Nu")), ("43", "乌孜别克", _("Uzbek")), ("44", "俄罗斯", _("Russian")),
    ("45", "鄂温克", _("Evenki")), ("46", "德昂", _("De'ang")), ("47", "保安", _("Bonan")), ("48", "裕固", _("Yugur")),
    ("49", "京", _("Gin")), ("50", "塔塔尔", _("Tatar")), ("51", "独龙", _("Derung")), ("52", "鄂伦春", _("Oroqen")),
    ("53", "赫哲", _("Hezhen")), ("54", "门巴", _("Monba")), ("55", "珞巴", _("Lhoba")), ("56", "基诺", _("Jino")),
    ("97", "其他", _("other ethnicity")), ("98", "外国血统中国籍", _("Chinese national of foreign descent")),
]
# fmt: on
ETHNICITIES = [(code, label) for code, name, label in _ETHNICITIES]
ETHNICITY_CODES = {name: code for code, name, label in _ETHNICITIES}
