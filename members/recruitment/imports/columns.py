"""The columns of a list of running cases as universities write them: one day, name or count of the file in each."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.imports.registry import Column

_DAY = _("A day, for example 2026-03-20.")
_VOTES = _("Due, present, in favor, against, abstained, for example 5/5/5/0/0; three numbers if nobody was against.")
_PEOPLE = _("Student or staff numbers, or names, with “、” between them.")


def _day(code: str, label: Any, heading: str, *synonyms: str, sample: str = "", help: Any = _DAY) -> Column:
    return Column(code, label, heading, synonyms, is_date=True, sample=sample, help=help)


def _text(code: str, label: Any, heading: str, *synonyms: str, **more: Any) -> Column:
    return Column(code, label, heading, synonyms, **more)


LEAGUE, MEMBERS = "团组织推优", "党员推荐"
CONVERTED, EXTENDED, CANCELLED = "按期转正", "延长预备期", "取消预备党员资格"
ALL_PAPERS = "齐全"

COLUMNS: tuple[Column, ...] = (
    _text(
        "number", _("student or staff number"), "学号/工号", "学号", "工号", "学工号", "职工号", "学号或工号",
        required=True, sample="20240101001", width=16, help=_("As text; the person is in the roster already."),
    ),
    _text("name", _("name"), "姓名", "名字", "学生姓名", required=True, sample="张示例", width=12),
    _text("unit", _("party branch"), "所在党支部", "党支部", "支部", "所属支部", "支部名称", width=26),
    Column(
        "applied_on", _("day of the application"), "递交入党申请书日期",
        ("申请入党日期", "申请入党时间", "递交入党申请书时间", "入党申请日期", "入党申请时间", "申请日期", "申请时间"),
        required=True, is_date=True, sample="2025-03-20",
        help=_("The case is kept under the rules that were in force on this day."),
    ),
    _day("received_on", _("application received"), "收到申请书日期", "收到入党申请书日期", "接收申请书日期"),
    _day("talk_on", _("talk with the applicant"), "谈话日期", "派人谈话日期", "谈话时间", "入党申请人谈话日期",
         sample="2025-04-02"),
    _text("talker", _("who led the talk"), "谈话人", "派谈人", help=_PEOPLE),
    _text(
        "topics", _("what the talk went through"), "谈话内容", "谈话要点", sample=ALL_PAPERS,
        help=_("“齐全” when every item was gone through (asked for since the revision of 2026), else empty."),
    ),
    _day("recommended_on", _("recommended on"), "推优日期", "推荐日期", "推优时间", "推荐时间", "推荐推优日期",
         sample="2025-09-20", help=_("When it is empty, the day of the decision counts.")),
    _text("by_league", _("recommended by"), "推荐方式", "推优方式", choices=(LEAGUE, MEMBERS), sample=LEAGUE),
    _day("activist_on", _("decided as activist"), "确定积极分子日期", "确定积极分子时间", "列为积极分子日期",
         "列为积极分子时间", "确定为入党积极分子日期", "确定为入党积极分子时间", "积极分子日期", sample="2025-09-28"),
    _text("activist_votes", _("votes on the activist"), "确定积极分子表决", "积极分子表决", sample="5/5/5/0/0",
          help=_VOTES),
    _day("filed_on", _("activist filed"), "积极分子备案日期", "积极分子备案时间", "备案日期"),
    _text("contacts", _("cultivation contacts"), "培养联系人", "入党培养联系人", "联系人", width=20, help=_PEOPLE),
    _day("contacts_on", _("contacts assigned"), "指定培养联系人日期", "确定培养联系人日期", "培养联系人指定日期"),
    _text("inspections", _("half-yearly inspections"), "培养考察日期", "半年考察日期", "考察日期", width=24,
          help=_("Days of the branch's inspections, with “、” between them.")),
    _day("opinions_on", _("opinions heard on the target"), "听取意见日期", "听取意见时间", "征求意见日期",
         help=_("When group, contacts, members and masses were heard.")),
    _day("target_on", _("decided as development target"), "确定发展对象日期", "确定发展对象时间",
         "支委会讨论发展对象日期", "确定为发展对象日期", "发展对象日期"),
    _text("target_votes", _("votes on the target"), "确定发展对象表决", "发展对象表决", help=_VOTES),
    _day("consent_on", _("superior's consent"), "上级同意日期", "发展对象备案日期", "上级党委同意日期",
         help=_("Until May 2026: the day of filing.")),
    _day("publicity_from", _("publicity of the target from"), "发展对象公示开始日期", "发展对象公示起始日期"),
    _day("publicity_to", _("publicity of the target through"), "发展对象公示结束日期", "发展对象公示截止日期"),
    _day("listed_on", _("result of the target's publicity"), "发展对象公示结果日期", "列为发展对象日期",
         "列为发展对象时间"),
    _text("sponsors", _("sponsors"), "入党介绍人", "介绍人", width=20, help=_PEOPLE),
    _day("sponsors_on", _("sponsors named"), "确定入党介绍人日期", "确定介绍人日期"),
    _day("political_on", _("political review concluded"), "政审结论日期", "政治审查日期", "政审日期", "政审时间"),
    _day("training_from", _("training from"), "集中培训开始日期", "培训开始日期", "培训起始日期"),
    _day("training_to", _("training through"), "集中培训结束日期", "培训结束日期", "结业日期"),
    _text("training_hours", _("hours of training"), "培训学时", "学时", width=8),
    _text("training_no", _("number of the certificate"), "培训证书编号", "结业证书编号", "证书编号"),
    _day("review_on", _("branch committee's review"), "支委会审查日期", "支委会审查时间"),
    _text("review_votes", _("votes of the review"), "支委会审查表决", help=_VOTES),
    _day("pre_review_on", _("pre-review"), "预审日期", "上级预审日期", "预审时间"),
    _day("form_on", _("form filled"), "填写入党志愿书日期", "填写志愿书日期"),
    _text("form_no", _("number of the form"), "入党志愿书编号", "志愿书编号"),
    _day("admission_from", _("publicity of the admission from"), "接收公示开始日期", "接收预备党员公示开始日期"),
    _day("admission_to", _("publicity of the admission through"), "接收公示结束日期", "接收预备党员公示结束日期"),
    _day("admission_result_on", _("result of the admission's publicity"), "接收公示结果日期"),
    _day("congress_on", _("branch congress on admission"), "接收预备党员大会日期", "支部大会日期", "接收为预备党员日期",
         "接收为预备党员时间", "接收预备党员时间", "入党日期", "入党时间", "加入党组织日期", "加入党组织时间"),
    _text("due", _("entitled to vote"), "应到会人数", "应到人数", "应到会有表决权人数", width=8),
    _text("present", _("present"), "实到会人数", "实到人数", width=8),
    _text("yes", _("in favor"), "赞成票", "赞成票数", "赞成", width=8),
    _text("no", _("against"), "反对票", "反对票数", "反对", "不赞成票", width=8),
    _text("abstain", _("abstained"), "弃权票", "弃权票数", "弃权", width=8),
    _day("superior_talk_on", _("talk by the superior"), "上级谈话日期", "党委派人谈话日期", "组织员谈话日期"),
    _text("superior_talker", _("who talked for the superior"), "上级谈话人", "党委谈话人", "组织员", help=_PEOPLE),
    _day("approved_on", _("admission approved"), "审批日期", "审批预备党员日期", "批准日期", "党委审批日期"),
    _text("approval_votes", _("votes on the approval"), "党委审批表决", "审批表决", help=_VOTES),
    _day("filed_above_on", _("filed one level above"), "上一级备案日期", "预备党员备案日期"),
    _day("assigned_on", _("assigned to branch and group"), "编入支部日期", "编入党支部日期"),
    _day("oath_on", _("oath"), "入党宣誓日期", "宣誓日期", "宣誓时间"),
    _text("probation_inspections", _("inspections in probation"), "预备期考察日期", "预备党员考察日期", width=24,
          help=_("Days of the branch's inspections, with “、” between them.")),
    _day("convert_applied_on", _("conversion application"), "转正申请日期", "递交转正申请书日期", "转正申请时间"),
    _day("convert_opinions_on", _("opinions heard on the conversion"), "转正听取意见日期", "转正征求意见日期"),
    _day("convert_from", _("publicity of the conversion from"), "转正公示开始日期"),
    _day("convert_to", _("publicity of the conversion through"), "转正公示结束日期"),
    _day("convert_result_on", _("result of the conversion's publicity"), "转正公示结果日期"),
    _day("convert_review_on", _("review before the conversion"), "转正支委会审查日期"),
    _text("convert_review_votes", _("votes of the review before the conversion"), "转正支委会审查表决", help=_VOTES),
    _day("convert_on", _("branch congress on conversion"), "转正大会日期", "转正支部大会日期"),
    _text("convert_votes", _("votes on the conversion"), "转正大会表决", "转正表决", help=_VOTES),
    _text("convert_outcome", _("resolution on the conversion"), "转正结果", "转正决议",
          choices=(CONVERTED, EXTENDED, CANCELLED)),
    _text("convert_months", _("months of the extension"), "延长月数", "延长预备期月数", width=8),
    _day("convert_approved_on", _("conversion approved"), "转正审批日期", "转正批准日期"),
    _text("convert_approval_votes", _("votes on approving the conversion"), "转正审批表决", help=_VOTES),
    _day("leaves_on", _("leaves the university on"), "预计离校日期", "预计毕业日期", "毕业日期", "毕业时间"),
    _text(
        "papers", _("papers in the file"), "已有材料", "档案材料", "现有材料", width=40, sample="入党申请书、谈话记录",
        help=_(
            "The papers that lie in the file, signed and dated on the day of their step, with “、” between them; "
            "“齐全” for all. What is not named here counts as missing."
        ),
    ),
)  # fmt: skip
DAYS = tuple(column.code for column in COLUMNS if column.is_date)
DAY_LISTS = ("inspections", "probation_inspections")
PEOPLE = ("talker", "contacts", "sponsors", "superior_talker")
NUMBERS = ("training_hours", "due", "present", "yes", "no", "abstain", "convert_months")
VOTES = tuple(column.code for column in COLUMNS if column.code.endswith("_votes"))

PAPERS: dict[str, str] = {
    **dict.fromkeys(("入党申请书", "申请书"), "application_letter"),
    **dict.fromkeys(("谈话记录", "谈话记录表", "申请人谈话记录"), "talk_record"),
    **dict.fromkeys(("推荐表", "推优表", "团组织推优表", "推荐材料"), "recommendation"),
    **dict.fromkeys(("支委会会议记录", "支委会记录", "会议记录"), "committee_minutes"),
    **dict.fromkeys(("积极分子备案表", "入党积极分子备案表", "积极分子备案"), "activist_filing"),
    **dict.fromkeys(("培养联系人指定表", "培养联系人登记表", "联系人材料"), "contact_assignment"),
    **dict.fromkeys(("培养考察登记表", "入党积极分子考察表", "考察登记表"), "cultivation_register"),
    **dict.fromkeys(("听取意见记录", "征求意见记录", "群众意见"), "opinion_record"),
    **dict.fromkeys(("发展对象备案表", "发展对象备案同意", "上级同意批复"), "target_filing"),
    **dict.fromkeys(("公示", "公示材料", "公示书"), "publicity_notice"),
    **dict.fromkeys(("入党介绍人材料", "介绍人确定材料"), "sponsor_record"),
    **dict.fromkeys(("政审材料", "政审结论", "政治审查材料", "政治审查结论"), "political_review_conclusion"),
    **dict.fromkeys(("培训证书", "结业证书", "党校结业证书", "培训结业证"), "training_certificate"),
    **dict.fromkeys(("预审批复", "预审意见"), "pre_review_reply"),
    **dict.fromkeys(("入党志愿书", "志愿书"), "membership_form"),
    **dict.fromkeys(("票决情况汇总表", "票决汇总表", "票决情况"), "ballot_summary"),
    **dict.fromkeys(("支部大会决议", "大会决议", "决议"), "resolution"),
    **dict.fromkeys(("上级谈话意见", "谈话意见", "上级谈话记录"), "talk_opinion"),
    **dict.fromkeys(("审批意见", "党委审批材料", "审批材料"), "approval"),
    **dict.fromkeys(("批复通知", "审批通知书", "批准通知"), "approval_notice"),
    **dict.fromkeys(("预备党员备案表", "接收备案表"), "admission_filing"),
    **dict.fromkeys(("编入支部材料", "编入支部通知"), "assignment"),
    **dict.fromkeys(("宣誓记录", "入党宣誓记录"), "oath_record"),
    **dict.fromkeys(("预备党员考察表", "预备党员考察登记表"), "probation_inspection"),
    **dict.fromkeys(("转正申请书", "转正申请"), "conversion_application"),
}
