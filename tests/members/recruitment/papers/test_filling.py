"""Each paper says what is recorded in the case, and nothing that is not; without a database."""

from dataclasses import asdict, replace
from datetime import date
from types import SimpleNamespace

import pytest

from members.models import Member
from members.recruitment.engine.details import Outcome, Purpose
from members.recruitment.engine.facts import CaseFacts
from members.recruitment.engine.people import MoveFact
from members.recruitment.engine.steps import STEPS
from members.recruitment.engine.vocabulary import PAPER_LABELS
from members.recruitment.models import Case, LetterKind
from members.recruitment.papers.declarations import PAPERS
from members.recruitment.papers.filling.left import (
    _LEFT,
    DRAFTS,
    PAPER_NAMES,
    STAGE_NAMES,
    WRITTEN,
    expected,
    lines_of,
    own_codes,
    printable,
)
from members.recruitment.papers.filling.table import DRAFTED, FILLS, fill, fill_shared, find, with_protected
from members.recruitment.queries.files import CaseFile
from members.recruitment.queries.lists import agreed
from portal.accounts.models import User
from portal.documents.registry import papers
from portal.documents.services import render
from portal.organizations.models import Organization
from tests.factories.dossiers import (
    CALENDAR,
    CANDIDATE,
    FIRST,
    RULES_2026,
    SECOND,
    TALKER,
    changed,
    clean_dossier,
    through_step,
    without,
)
from tests.portal.documents.reading import docx_text, pdf_text

D = date
TODAY = D(2029, 6, 1)
READERS = {"pdf": pdf_text, "docx": docx_text}
# What may stand on no paper but the one that asks for it.
PLANTED = {
    "id_no": "110105200701010010",
    "mobile": "13800138000",
    "home_address": "喀什市解放路一号",
    "current_address": "北京市学院路三十七号",
}


def member(key: int, name: str, **fields) -> Member:
    return Member(pk=key, user=User(pk=key, name=name, number=str(key)), **fields)


def file_for(facts: CaseFacts, *, on: date = TODAY, key: int = 1, **changes) -> CaseFile:
    """Return the file of a case that no database holds, about a student with everything known."""
    person = member(
        CANDIDATE, "张三", sex="2", ethnicity="05", birth_date=D(2007, 1, 1), native_place="新疆喀什",
        birthplace="新疆喀什", education_level="21S", school="某某大学", major="软件工程", college="软件学院",
        class_name="2024级1班", person_kind="undergraduate", job="班长", enrolled_on=D(2024, 9, 1), **PLANTED,
    )  # fmt: skip
    people = {
        CANDIDATE: person,
        FIRST.key: member(FIRST.key, "赵一", college="软件学院", job="辅导员", converted_on=D(2015, 7, 1)),
        SECOND.key: member(SECOND.key, "钱二"),
        TALKER.key: member(TALKER.key, "李四", job="组织委员"),
    }
    values = {
        "case": Case(pk=key, person=person, organization=Organization(pk=1, name="第一党支部"), edition=facts.edition),
        "rules": RULES_2026, "calendar": CALENDAR, "people": people, "branches": {1: "第一党支部", 2: "第二党支部"},
        "superior": "学院党委", "secretary": "周书记", "awards": ("2025年6月 三好学生",),
    }  # fmt: skip
    return CaseFile(facts=facts, on=on, **{**values, **changes})


@pytest.fixture(scope="module")
def whole() -> CaseFile:
    """Return a case that went through all steps, applied for on 2026-06-01."""
    return file_for(clean_dossier(birth_date=D(2007, 1, 1)))


def facts_of(file: CaseFile, code: str, step: str = ""):
    found = [line for line in printable(file) if line.code == code and step in ("", line.step)]
    assert found, code
    return fill(file, found[-1])


# Paper, step, what it must say.
SAID = [
    ("talk_record", "", {"talker": "李四", "talker_post": "组织委员", "applied_on": D(2026, 6, 1), "on": D(2026, 6, 11),
                         "motive": "", "impression": ""}),
    ("recommendation", "", {"branch": "第一党支部", "by_league": True, "recommended_on": D(2026, 8, 25),
                            "decided_on": D(2026, 9, 1), "due": None, "yes": None, "conduct": ""}),
    ("committee_minutes", "nominate", {"matter": "研究确定入党积极分子", "yes": 5, "outcome": Outcome.PASSED,
                                       "decision": "同意确定张三同志为入党积极分子。", "chair": ""}),
    ("committee_minutes", "committee_review", {"decision": "同意将张三同志的入党材料报上级党组织预审。"}),
    ("activist_filing", "", {"superior": "学院党委", "reply": "已备案。", "replied_on": D(2026, 9, 8),
                             "secretary": "周书记"}),
    ("contact_assignment", "", {"activist_on": D(2026, 9, 1), "assigned_on": D(2026, 9, 9), "secretary": ""}),
    ("inspection", "", {"activist_on": D(2026, 9, 1), "contacts": ("赵一", "钱二")}),
    ("cultivation_register", "", {"activist_on": D(2026, 9, 1), "contacts": ("赵一", "钱二"),
                                  "rewards": "2025年6月 三好学生", "sanctions": "", "conclusion": ""}),
    ("opinion_record", "propose_target", {"for_conversion": False, "on": D(2027, 9, 1)}),
    ("opinion_record", "convert_congress", {"for_conversion": True}),
    ("target_filing", "", {"reply": "同意。", "superior": "学院党委"}),
    ("publicity_notice", "consent_publicity", {"purpose": Purpose.TARGET, "workdays": 5, "issuer": "第一党支部",
                                               "receiver": "学院党委"}),
    ("publicity_notice", "congress", {"purpose": Purpose.ADMISSION}),
    ("publicity_notice", "convert_congress", {"purpose": Purpose.CONVERSION}),
    ("publicity_result", "consent_publicity", {"objections": 0, "people": ("张三",), "branch": "第一党支部"}),
    ("sponsor_record", "", {"secretary": ""}),
    ("political_review_conclusion", "", {"outcome": Outcome.PASSED, "reviewer": "", "attitude": ""}),
    ("training_certificate", "", {"hours": 24, "days": 3, "result": "合格", "certificate": ""}),
    ("pre_review_reply", "", {"people": ("张三",), "issuer": "学院党委", "branch": "第一党支部"}),
    ("membership_form_draft", "", {"awards": "2025年6月 三好学生", "punishments": "", "wish": ""}),
    ("ballot_summary", "congress", {"candidate": "张三", "matter": "接收张三同志为中共预备党员"}),
    ("ballot_summary", "convert_congress", {"matter": "张三同志转为中共正式党员"}),
    ("resolution", "", {"outcome": Outcome.PASSED, "conduct": "", "secretary": ""}),
    ("talk_opinion", "", {"talker": "李四", "record": ""}),
    ("approval_notice", "approve", {"for_conversion": False, "person": "张三", "due": 5, "yes": 5,
                                    "issuer": "学院党委"}),
    ("approval_notice", "convert_approve", {"for_conversion": True, "months": 0}),
    ("admission_filing", "", {"reply": "已备案。"}),
    ("assignment", "", {"branch": "First", "group": "One", "issuer": "学院党委"}),
    ("oath_record", "", {"place": "Hall", "organizer": "第一党支部", "chair": ""}),
    ("probation_inspection", "", {"sponsors": ("赵一", "钱二"), "superior_opinion": ""}),
    ("conversion_resolution", "", {"outcome": Outcome.PASSED, "months": 0, "until": None}),
    ("dossier_index", "", {"branch": "第一党支部", "keeper": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "step", "said"), SAID, ids=[f"{code}-{step}" for code, step, _said in SAID])
def test_paper_says_what_the_case_holds_and_leaves_the_rest_blank(whole, code, step, said):
    facts = facts_of(whole, code, step)
    assert {name: getattr(facts, name) for name in said} == said
    assert isinstance(facts, papers.get(f"recruitment.{code}").facts)


def test_every_paper_is_filled_somewhere():
    codes = {paper.code.removeprefix("recruitment.") for paper in PAPERS}
    assert {*FILLS, *DRAFTED, *WRITTEN} == codes == {code for code, _step, _said in SAID} | set(WRITTEN)
    assert {*DRAFTED} == {*DRAFTS}


def test_stored_codes_are_those_of_the_steps_and_every_one_is_mapped():
    stored = {(step, kind) for (step, _kind), left in _LEFT.items() for kind, _code in left if kind}
    assert {(step.code, kind) for step in STEPS.values() for kind in step.documents} <= stored
    assert {kind for _step, kind in stored} <= set(PAPER_LABELS)
    assert set(PAPER_NAMES) == set(PAPER_LABELS)
    assert set(STAGE_NAMES) == {step.stage for step in STEPS.values()}
    printed = {code for left in _LEFT.values() for _kind, code in left if code}
    assert printed <= {paper.code.removeprefix("recruitment.") for paper in PAPERS}


def test_days_of_the_probation_stand_on_every_paper_alike(whole):
    course = whole.course()
    held = course.day_of("congress")
    last = D(held.year + 1, held.month, held.day).toordinal() - 1
    notice = facts_of(whole, "approval_notice", "approve")
    assert (notice.probation_from, notice.probation_to) == (held, D.fromordinal(last))
    resolution = facts_of(whole, "conversion_resolution")
    assert (resolution.probation_from, resolution.probation_to) == (held, D.fromordinal(last))
    assert resolution.standing_from == facts_of(whole, "approval_notice", "convert_approve").standing_from
    form = facts_of(whole, "probation_inspection")
    assert (form.probation_from, form.probation_to, len(form.halves)) == (held, D.fromordinal(last), 2)


def test_extension_names_its_months_and_last_day():
    file = file_for(clean_dossier(extension=6))
    ballots = [line for line in printable(file) if line.code == "conversion_resolution"]
    first = fill(file, ballots[0])
    assert (first.outcome, first.months) == (Outcome.EXTENDED, 6)
    ends = first.probation_to
    notices = [line for line in printable(file) if line.step == "convert_approve"]
    notice = fill(file, next(line for line in notices if line.code == "approval_notice"))
    assert (notice.outcome, notice.months) == (Outcome.EXTENDED, 6)
    assert (notice.probation_from.toordinal(), notice.probation_to) == (ends.toordinal() + 1, first.until)
    last = fill(file, ballots[-1])
    assert (last.outcome, last.probation_to) == (Outcome.PASSED, first.until)


def test_half_years_count_from_the_day_of_the_activist(whole):
    register = facts_of(whole, "cultivation_register")
    assert [look.period for look in register.inspections] == ["2026年9月至2027年2月", "2027年3月至2027年8月"]
    assert register.notes[0].period == "2026年第四季度"
    assert register.trainings[0].words == "发展对象短期集中培训，3天、24学时，合格"


def test_people_stand_with_what_the_archive_knows(whole):
    assert facts_of(whole, "talk_record").person.unit == "软件学院2024级1班"
    identity = facts_of(whole, "talk_record").person
    assert (identity.sex, identity.ethnicity, identity.education) == ("女", "维吾尔族", "大学本科在读")
    first, second = facts_of(whole, "sponsor_record").sponsors
    assert (first.person.name, first.full_member_on, first.knows) == ("赵一", D(2015, 7, 1), "培养联系人")
    assert second.full_member_on is None


def test_papers_of_a_case_that_moved_name_the_branch_of_their_day():
    facts = clean_dossier()
    moved = replace(facts, moves=(MoveFact(D(2026, 12, 1), 2, 1, is_handed_over=True),))
    file = file_for(moved)
    assert facts_of(file, "contact_assignment").branch == "第二党支部"
    assert facts_of(file, "resolution").branch == "第一党支部"


@pytest.mark.parametrize("format", READERS)
@pytest.mark.parametrize("code", ["publicity_notice", "publicity_result"])
def test_public_papers_hold_no_personal_data(code, format):
    file = file_for(clean_dossier())
    file.person.class_name = "2024级1班 电话13800138000"
    for line in printable(file):
        if line.code == code:
            text = READERS[format](render(f"recruitment.{code}", fill(file, line), format=format))
            assert "张三" in text
            for secret in (*PLANTED.values(), "2007年1月1日", "维吾尔", "喀什"):
                assert secret not in text, (line.step, secret)


@pytest.mark.parametrize("code", sorted({*FILLS, *DRAFTED}))
def test_no_paper_is_filled_with_protected_fields(whole, code):
    said = str(asdict(facts_of(whole, code)))
    assert [secret for secret in PLANTED.values() if secret in said] == []


def test_draft_of_the_form_takes_what_its_reader_may_see(whole):
    facts = with_protected(facts_of(whole, "membership_form_draft"), {"id_no": "1101**********0010"})
    assert (facts.person.id_no, facts.person.address, facts.person.name) == ("1101**********0010", "", "张三")


def test_index_lists_what_is_there_and_marks_what_is_missing():
    facts = clean_dossier(through="assign_contacts")
    on = D(2026, 12, 1)
    whole, lacking = file_for(facts, on=on), file_for(changed(facts, "talk", documents=()), on=on)
    entries = {entry.title: entry for entry in facts_of(lacking, "dossier_index").entries}
    assert (entries["入党申请人谈话记录"].missing, entries["入党申请书"].missing) == (True, False)
    assert entries["入党申请书"].dated_on == D(2026, 6, 1)
    assert not any(entry.missing for entry in facts_of(whole, "dossier_index").entries)
    assert {entry.stage for entry in entries.values()} == {"申请入党", "积极分子"}


def test_papers_are_missing_that_a_step_leaves_and_nobody_filed():
    facts = clean_dossier()
    stripped = replace(facts, records=tuple(replace(fact, documents=()) for fact in facts.records))
    for step in STEPS.values():
        missing = {line.kind for line in lines_of(file_for(stripped), step.code) if line.is_missing}
        assert missing == set(step.documents), step.code
        assert [line for line in expected(file_for(facts), step.code) if line.is_missing] == []


def test_paper_filed_with_another_record_of_the_step_is_found():
    facts = clean_dossier(through="propose_target")
    (paper,) = next(fact for fact in facts.records if fact.kind == "opinions").documents
    facts = changed(facts, "propose_target", "opinions", documents=())
    review = next(fact for fact in facts.records if fact.kind == "review")
    facts = changed(facts, "propose_target", "review", documents=(*review.documents, paper))
    line = next(line for line in lines_of(file_for(facts), "propose_target") if line.kind == "opinion_record")
    assert (line.document, line.code) == (paper, "opinion_record")


@pytest.mark.parametrize(
    ("through", "codes"),
    [
        ("talk", ()),
        ("committee_review", ("training_certificate", "membership_form_draft")),
        ("approve", ("training_certificate",)),
    ],
)
def test_candidates_print_only_what_they_were_handed(through, codes):
    assert set(own_codes(file_for(clean_dossier(through=through)))) == set(codes)


def test_candidates_cannot_tell_a_pre_review_from_their_papers():
    facts = clean_dossier(through="fill_form")
    before, after = through_step(facts, "training"), facts
    assert own_codes(file_for(before)) == own_codes(file_for(after))


def test_letter_is_printed_only_where_it_came_through_the_portal():
    facts = clean_dossier(through="talk")
    assert find(file_for(facts), "application_letter") is None
    line = find(file_for(facts, letters=frozenset({LetterKind.ADMISSION})), "application_letter")
    assert line is not None and line.record is not None and line.record.step == "apply"


def test_papers_of_one_record_or_the_latest_are_found():
    file = file_for(
        replace(clean_dossier(), records=tuple(
            replace(fact, key=place) for place, fact in enumerate(clean_dossier().records, start=1)
        ))
    )  # fmt: skip
    keys = [line.record.key for line in printable(file) if line.code == "inspection"]
    assert find(file, "inspection").record.key == keys[-1]
    assert find(file, "inspection", keys[0]).record.key == keys[0]
    assert find(file, "talk_record", keys[0]) is None


def taken(step: str, kind: str, *outcomes: Outcome):
    """Return files of several people with their record of a step, each decided so."""
    found = []
    for key, outcome in enumerate(outcomes, start=1):
        facts = clean_dossier()
        record = [fact for fact in facts.records if fact.step == step and fact.kind == kind][-1]
        if hasattr(record.details, "outcome"):
            record = replace(record, details=replace(record.details, outcome=outcome))
        file = file_for(facts, key=key)
        file.person.user.name = f"张{'三四五六'[key - 1]}"
        found.append((file, record))
    return found


def test_list_of_a_month_is_sent_without_an_answer_and_leaves_out_who_was_refused():
    listed = agreed(taken("propose_target", "review", Outcome.PASSED, Outcome.REJECTED, Outcome.PASSED))
    facts = fill_shared("target_filing", listed, issuer="学院党委", on=D(2027, 10, 1))
    assert [person.name for person in facts.people] == ["张三", "张五"]
    assert (facts.reply, facts.replied_on, facts.on) == ("", None, D(2027, 10, 1))
    assert {person.note for person in facts.people} == {"第一党支部"}  # the list of a committee says who sent whom
    assert facts.people[0].decided_on == D(2027, 9, 4)
    assert facts.people[0].people == ("赵一", "钱二")


@pytest.mark.parametrize(
    ("code", "step", "kind", "names"),
    [
        ("publicity_notice", "consent_publicity", "publicity", lambda facts: [one.name for one in facts.people]),
        ("publicity_result", "congress", "publicity_result", lambda facts: list(facts.people)),
        ("oath_record", "oath", "oath", lambda facts: [one.name for one in facts.people]),
        ("pre_review_reply", "pre_review", "pre_review", lambda facts: list(facts.people)),
        ("admission_filing", "file_above", "filing", lambda facts: [one.name for one in facts.people]),
    ],
)
def test_one_paper_names_everybody_of_a_batch(code, step, kind, names):
    facts = fill_shared(code, taken(step, kind, Outcome.PASSED, Outcome.PASSED), issuer="第一党支部")
    assert names(facts) == ["张三", "张四"]
    assert isinstance(facts, papers.get(f"recruitment.{code}").facts)


def test_paper_about_one_person_is_never_shared():
    with pytest.raises(LookupError):
        fill_shared("ballot_summary", taken("congress", "ballot", Outcome.PASSED), issuer="第一党支部")


def test_file_without_the_person_of_a_name_still_names_it():
    file = file_for(clean_dossier())
    file.people.pop(TALKER.key)
    assert facts_of(file, "talk_record").talker == "Li"
    assert SimpleNamespace(**asdict(facts_of(without_training(), "cultivation_register"))).trainings == ()


def without_training() -> CaseFile:
    return file_for(without(clean_dossier(through="sponsors"), "training"))
