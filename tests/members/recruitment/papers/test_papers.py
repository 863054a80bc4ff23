"""Every paper of recruitment in both formats: full, empty, hostile; and what single papers must or may not say."""

from datetime import date

import pytest

from members.recruitment.engine.details import Outcome, Purpose
from members.recruitment.papers import approval, congress, probation, publicity
from members.recruitment.papers.declarations import PAPERS
from members.recruitment.papers.people import Identity
from portal.documents.pdf import write_pdf
from portal.documents.sheets import Sheet
from portal.documents.word import write_word
from tests.portal.documents.reading import docx_text, pdf_text

from .filling import Filler

READERS = {"pdf": lambda sheet: pdf_text(write_pdf(sheet)), "docx": lambda sheet: docx_text(write_word(sheet))}
by_code = {paper.code.removeprefix("recruitment."): paper for paper in PAPERS}
every_paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.code)
both = pytest.mark.parametrize("format", READERS)

# Typst, Jinja, XML and Word fields; short enough to stay in one piece in a narrow column.
HOSTILE = '#panic("x")$x$*b*{{7*7}}{%x%}<w:p/>&amp;'


def said(paper, facts, format):
    return READERS[format](paper.draw(facts))


@both
@every_paper
def test_paper_says_every_fact(paper, format):
    filler = Filler()
    text = said(paper, filler.fill(paper.facts), format)
    assert [mark for mark in filler.said if mark not in text] == []


@both
@every_paper
def test_paper_without_facts_is_a_form_to_fill_by_hand(paper, format):
    text = said(paper, paper.facts(), format)
    sheet = paper.draw(paper.facts())
    assert "".join(sheet.title.split()) in text
    assert "None" not in text


@both
@every_paper
def test_hostile_text_stands_as_it_was_typed(paper, format):
    filler = Filler(wrap=lambda mark: HOSTILE + mark)
    text = said(paper, filler.fill(paper.facts), format)
    assert [mark for mark in filler.said if HOSTILE + mark not in text] == []


@both
def test_publicity_notice_withholds_personal_data(format):
    planted = {"id_no": "110105200001010012", "mobile": "13800138000", "address": "北京市海淀区学院路三十七号"}
    person = Identity(name="张三", sex="女", unit="软件学院 13800138000", birth_date=date(2004, 3, 17), **planted)
    contacts = ("李四 138 0013 8000", "王五 wang@example.edu.cn", "赵六 １１０１０５２００００１０１００１Ｘ")
    notice = publicity.PublicityNotice(
        people=(publicity.PublicPerson.of(person, activist_on=date(2025, 1, 2), contacts=contacts),),
        telephone="010-62770000",
        starts_on=date(2026, 9, 28),
        ends_on=date(2026, 10, 12),
        workdays=5,
    )
    text = said(by_code["publicity_notice"], notice, format)
    for secret in (*planted.values(), "13800138000", "wang@", "１１０１０５", "3月17日", "2004年3月17"):
        assert secret not in text, secret
    for open_fact in ("张三", "软件学院", "2004年3月", "李四", "王五", "010-62770000", "2026年10月12日", "5个工作日"):
        assert open_fact in text, open_fact


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("软件2023-1班", "软件2023-1班"),
        ("2023级本科生第三党支部", "2023级本科生第三党支部"),
        ("学号2023010101", "学号＊＊＊"),
        ("11010520000101001X", "＊＊＊"),
        ("110105 20000101 0012", "＊＊＊"),
        ("010-62770000", "＊＊＊"),
        ("a.b@c.cn，教授", "＊＊＊，教授"),
    ],
)
def test_withheld_leaves_out_numbers_of_a_person(words, expected):
    assert publicity.withheld(words) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (
            congress.Count(due=15, present=8, yes=8),
            ["至少须到8人；实到8人，符合规定", "至少须8票；赞成8票（含书面意见），通过"],
        ),
        (congress.Count(due=15, present=7, yes=7), ["实到7人，不符合规定", "未通过"]),
        (congress.Count(due=4, present=4, yes=2), ["至少须到3人", "至少须3票；赞成2票（含书面意见），未通过"]),
        (
            congress.Count(due=10, present=6, yes=6, written=1),
            ["至少须到6人", "至少须6票；赞成6票（含书面意见），通过"],
        ),
        (congress.Count(due=10, present=6), ["赞成票数未记载，无法计算"]),
        (
            congress.Count(due=10, present=8, issued=8, returned=8, yes=7, no=1, abstain=1, written=1),
            ["赞成7＋不赞成1＋弃权1＋无效0＝9；收回8＋书面意见1＝9，相符", "收回票未超过发出票"],
        ),
        (
            congress.Count(due=10, present=8, issued=8, returned=9, yes=7, no=1, abstain=0),
            ["＝8；收回9＋书面意见0＝9，不相符，请核对", "收回票已超过发出票"],
        ),
    ],
)
def test_ballot_summary_shows_its_arithmetic(count, expected):
    text = said(by_code["ballot_summary"], congress.BallotSummary(count=count), "pdf")
    assert [words for words in expected if words not in text] == []


DAYS = {"probation_from": date(2026, 2, 28), "probation_to": date(2027, 2, 27), "standing_from": date(2027, 2, 28)}


@pytest.mark.parametrize(
    ("for_conversion", "outcome", "expected"),
    [
        (False, Outcome.PASSED, "预备期一年，自2026年2月28日起至2027年2月27日止"),
        (False, Outcome.REJECTED, "不批准接收张三同志为中共预备党员"),
        (True, Outcome.PASSED, "转为中共正式党员，党龄自2027年2月28日算起"),
        (True, Outcome.EXTENDED, "预备期6个月，延长的预备期自2026年2月28日起至2027年2月27日止"),
        (True, Outcome.CANCELLED, "取消张三同志预备党员资格"),
        (True, Outcome.REJECTED, "不批准张三同志转为中共正式党员"),
    ],
)
def test_approval_names_what_was_decided(for_conversion, outcome, expected):
    notice = approval.ApprovalNotice(person="张三", for_conversion=for_conversion, outcome=outcome, months=6, **DAYS)
    assert expected in said(by_code["approval_notice"], notice, "docx")


@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_resolution_is_written_for_every_outcome(outcome):
    for code, facts in (("resolution", congress.Resolution), ("conversion_resolution", congress.ConversionResolution)):
        text = said(by_code[code], facts(candidate="张三", outcome=outcome, count=congress.Count(due=7, yes=4)), "pdf")
        assert "应到会有表决权的正式党员7名" in text, code


@pytest.mark.parametrize("purpose", Purpose)
def test_publicity_is_written_for_every_purpose(purpose):
    title = publicity.draw_notice(publicity.PublicityNotice(purpose=purpose)).title
    assert title in said(by_code["publicity_notice"], publicity.PublicityNotice(purpose=purpose), "pdf")


def test_draft_of_the_statutory_form_is_marked_on_every_page():
    draft = by_code["membership_form_draft"]
    facts = Filler(wrap=lambda mark: mark * 120).fill(draft.facts)
    text = said(draft, facts, "pdf")
    pages = text.count("页共")
    assert pages >= 3
    assert text.count("填写底稿仅供抄写不代替入党志愿书") == pages


def test_dossier_counts_what_is_missing():
    entries = (probation.DossierEntry("入党申请书", copies=1), probation.DossierEntry("谈话记录", missing=True))
    text = said(by_code["dossier_index"], probation.DossierIndex(entries=entries), "docx")
    assert "共列材料2项，已归档1项，缺1项。" in text


def test_filing_list_of_a_whole_university_keeps_every_line():
    listing = by_code["target_filing"]
    filler = Filler(rows=300)
    facts = filler.fill(listing.facts)
    sheet = listing.draw(facts)
    assert isinstance(sheet, Sheet)
    for format in READERS:
        text = said(listing, facts, format)
        assert [mark for mark in filler.said if mark not in text] == []
