"""The one generator: what it refuses, that text stays text, that fonts and memory suffice."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import typst

from portal.documents.pdf import write_pdf, write_pictures
from portal.documents.registry import Paper, papers
from portal.documents.responses import paper_response
from portal.documents.services import Format, render
from portal.documents.sheets import (
    Cell,
    Column,
    Cut,
    Form,
    Heading,
    Listing,
    Note,
    Pairs,
    Paragraphs,
    Ruled,
    Sheet,
    Sides,
    Signature,
    Style,
    Title,
    box,
    day_words,
    fact,
    label,
    plain,
    signed,
)
from portal.documents.word import write_word

from .reading import docx_text, pdf_text

FONTS = Path(__file__).resolve().parents[3] / "portal" / "documents" / "fonts"
READERS = {"pdf": lambda sheet: pdf_text(write_pdf(sheet)), "docx": lambda sheet: docx_text(write_word(sheet))}


@dataclass(frozen=True)
class Slip:
    words: str = ""


@pytest.fixture
def slip():
    paper = Paper("tests.slip", "Slip", Slip, "", lambda facts: Sheet("条", (Paragraphs(facts.words),)))
    yield papers.register(paper)
    papers.unregister("tests.slip")


def every_block(words: str) -> Sheet:
    return Sheet(
        words,
        (
            Paragraphs(words),
            Heading(words),
            Note(words),
            Pairs(((words, words),)),
            Form(
                (1, 2),
                (box(words, words, span=1, height=40, foot=(signed(words, words),)), (label(words), fact(words))),
            ),
            Listing((Column(words),), ((words,),)),
            Ruled(3),
            Signature((words,)),
        ),
        number=words,
        mark=words,
        stamp=words,
        foot=words,
    )


@pytest.mark.parametrize("format", Format)
def test_paper_is_rendered_by_its_code(slip, format):
    content = render("tests.slip", Slip("中文"), format=format)
    reader = pdf_text if format == Format.PDF else docx_text
    assert "中文" in reader(content)


def test_generator_refuses_what_it_does_not_know(slip):
    with pytest.raises(LookupError):
        render("tests.unknown", Slip(), format="pdf")
    with pytest.raises(TypeError):
        render("tests.slip", {"words": ""}, format="pdf")
    with pytest.raises(ValueError, match="odt"):
        render("tests.slip", Slip(), format="odt")


@pytest.mark.parametrize(
    ("format", "content_type"),
    [
        ("pdf", "application/pdf"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_response_is_a_download_that_nobody_keeps(slip, format, content_type):
    response = paper_response("tests.slip", Slip(), format=format, name='谈话记录 "一"\r\nX: y')
    disposition = response["Content-Disposition"]
    assert (response["Content-Type"], response["Cache-Control"]) == (content_type, "no-store")
    assert disposition.startswith("attachment; filename*=utf-8''%E8%B0%88%E8%AF%9D")
    assert disposition.endswith(f".{format}")


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("format", READERS)
def test_hostile_text_stands_in_every_block_as_it_was_typed(style, format):
    hostile = '#panic("x")$x$*b*_k_`r`@a[c]//{{7*7}}{%x%}${x}<w:p/>&amp;]]>\\n\\u{41}'
    sheet = every_block(hostile)
    text = READERS[format](Sheet(sheet.title, sheet.blocks, style, sheet.number, sheet.mark, sheet.stamp, sheet.foot))
    # Title, number, mark, stamp, foot and fourteen texts of the blocks; marks and feet stand on each page.
    assert text.count(hostile) >= 19


@pytest.mark.parametrize("format", READERS)
def test_unprintable_signs_are_left_out(format):
    text = READERS[format](Sheet("题", (Paragraphs("甲\x00\x0b\x1b乙\u202e丙\ud800丁\ufffe戊\r\n己\u2028庚"),)))
    assert "甲乙丙丁戊己庚" in text


def test_line_ends_become_one_kind():
    assert plain("a\r\nb\rc\u2028d\u2029e\tf") == "a\nb\nc\nd\ne\tf"


def test_days_are_written_in_chinese():
    assert day_words(date(2026, 5, 1)) == "2026年5月1日"
    assert "".join(day_words(None).split()) == "年月日"


def test_rows_must_fill_their_table():
    with pytest.raises(ValueError, match="does not fill 3 columns"):
        Form((1, 1, 1), ((Cell("a"), Cell("b")),))
    with pytest.raises(ValueError, match="as many values"):
        Listing((Column("a"), Column("b")), (("1",),))


def test_shipped_font_writes_rare_names_without_the_fonts_of_the_machine(tmp_path):
    """Every sign comes from the shipped font: what it lacked would be set in another one, or as an empty box."""
    source = tmp_path / "names.typ"
    source.write_text('#set text(font: "Noto Serif CJK SC", fallback: false)\n#sys.inputs.words', encoding="utf-8")
    rare = "喆玥珺赟镕堃璟䶮犇淼燚㛃𬀩𫍯㑇"
    content, warnings = typst.compile_with_warnings(
        str(source), font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf", sys_inputs={"words": rare}
    )
    assert ([str(warning) for warning in warnings], pdf_text(content)) == ([], rare)


def test_long_list_runs_over_pages_and_repeats_its_head():
    rows = tuple((str(number), "张三") for number in range(1, 201))
    sheet = Sheet("名单", (Listing((Column("序号栏"), Column("姓名")), rows),), style=Style.LIST)
    text = READERS["pdf"](sheet)
    pages = len(write_pictures(sheet, ppi=20))
    assert pages > 5
    assert (text.count("序号栏"), text.count("张三")) == (pages, 200)


def test_word_too_long_for_its_box_is_broken_not_lost():
    number = "A1B2C3D4E5" * 12
    assert number in READERS["pdf"](Sheet("题", (Listing((Column("a", 1), Column("b", 9)), ((number, "x"),)),)))


def test_papers_are_written_from_several_threads_without_mixing_them():
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: READERS["pdf"](Sheet("题", (Paragraphs(f"号{n}号"),))), range(24)))
    assert [f"号{n}号" in text for n, text in enumerate(found)] == [True] * 24
    assert [text.count("号") for text in found] == [2] * 24


GROWTH = """
from pathlib import Path
from portal.documents.pdf import write_pdf
from portal.documents.sheets import Column, Listing, Paragraphs, Sheet
from portal.documents.word import write_word

def pages():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

def work(first):
    for number in range(first, first + 40):
        words = f"{number} 思想汇报" * 40
        sheet = Sheet("题", (Paragraphs(words), Listing((Column("a"),), ((words,),) * 5)))
        write_pdf(sheet), write_word(sheet)

work(0)
work(100)
before = pages()
work(200)
work(300)
work(400)
print(pages() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of the process from /proc")
def test_memory_stays_constant_over_many_papers():
    run = subprocess.run(
        [sys.executable, "-c", GROWTH], capture_output=True, text=True, check=True, cwd=FONTS.parents[2], timeout=300
    )
    assert float(run.stdout) < 25, "MiB that 120 more papers took"


@pytest.mark.parametrize("format", ["pdf", "docx"])
def test_slips_are_parted_by_a_line_and_bear_no_page_number(format):
    blocks = (Sides("左边", "右边"), Paragraphs("甲"), Cut("骑缝"), Title("第二张"), Paragraphs("乙"), Cut())
    sheet = Sheet("第一张", blocks, style=Style.SLIPS)
    text = {"pdf": lambda: pdf_text(write_pdf(sheet)), "docx": lambda: docx_text(write_word(sheet))}[format]()
    words = ["第一张", "左边", "右边", "甲", "骑缝", "第二张", "乙"]
    assert [text.find(word) for word in words] == sorted(text.find(word) for word in words)
    assert all(word in text for word in words)
    assert "页" not in text and "—" not in text
