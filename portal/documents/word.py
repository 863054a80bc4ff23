"""A sheet as a Word file, by python-docx. Texts become text nodes: nothing in them is read as XML or as a field.

Fonts are named as Chinese offices have them; Word and WPS choose what is installed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from .sheets import (
    ROOM,
    Cell,
    Contents,
    Cut,
    Form,
    Heading,
    Listing,
    NewPage,
    Note,
    Pairs,
    Paragraphs,
    Ruled,
    Sheet,
    Sides,
    Signature,
    Style,
    Title,
    plain,
)

_SONG, _BLACK, _DISPLAY, _LATIN = "仿宋", "黑体", "方正小标宋简体", "Times New Roman"
# Top, right, bottom, left in millimetres; body and title in points.
_MARGINS = {
    Style.LETTER: (37, 26, 35, 28), Style.FORM: (25, 22, 22, 25), Style.LIST: (24, 20, 20, 20),
    Style.SLIPS: (16, 24, 16, 24),
}
_SIZES = {Style.LETTER: (16, 22), Style.FORM: (12, 18), Style.LIST: (10.5, 18), Style.SLIPS: (13, 18)}
_LINE = {Style.LETTER: 28.9, Style.FORM: 20, Style.LIST: 16, Style.SLIPS: 22}
_LIST_SIZE = 10.5
_PER_MM = 56.7  # twentieths of a point


def write_word(sheet: Sheet) -> bytes:
    """Return the sheet as a DOCX file."""
    return _Writer(sheet).write()


@cache
def _blank() -> bytes:
    """Return the empty document that python-docx brings, read once from the disk."""
    kept = BytesIO()
    Document().save(kept)
    return kept.getvalue()


class _Writer:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.size, self.title_size = _SIZES[sheet.style]
        self.document = Document(BytesIO(_blank()))
        self.width = 0.0

    def write(self) -> bytes:
        self._properties()
        self._page()
        self._ground()
        if self.sheet.stamp:
            self._line(self.sheet.stamp, align=ALIGN.RIGHT, size=16, bold=True, border=True)
        self._line(self.sheet.title, align=ALIGN.CENTER, size=self.title_size, font=_DISPLAY, keep=True)
        if self.sheet.number:
            self._line(self.sheet.number, align=ALIGN.CENTER, keep=True)
        self._gap(small=self.sheet.style != Style.LETTER)
        for block in self.sheet.blocks:
            getattr(self, f"_{block.kind}")(block)
        kept = BytesIO()
        self.document.save(kept)
        return kept.getvalue()

    def _properties(self) -> None:
        about = self.document.core_properties
        about.title, about.author, about.comments = plain(self.sheet.title).replace("\n", " ")[:255], "", ""
        about.language = "zh-CN" if self.sheet.language == "zh" else "en"

    def _page(self) -> None:
        section = self.document.sections[0]
        across = self.sheet.style == Style.LIST
        wide, high = (297, 210) if across else (210, 297)
        section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(wide), Mm(high)
        top, right, bottom, left = _MARGINS[self.sheet.style]
        section.top_margin, section.right_margin = Mm(top), Mm(right)
        section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
        section.header_distance, section.footer_distance = Mm(12), Mm(12)
        self.width = (wide - left - right) * _PER_MM
        if self.sheet.mark:
            head = section.header.paragraphs[0]
            self._line(self.sheet.mark, into=head, align=ALIGN.CENTER, size=11, bold=True, border=True)
        self._foot(section.footer.paragraphs[0])

    def _foot(self, paragraph: Any) -> None:
        paragraph.alignment = ALIGN.CENTER
        if self.sheet.style == Style.SLIPS:
            self._run(paragraph, self.sheet.foot, size=9)
            return
        letter = self.sheet.style == Style.LETTER and not self.sheet.foot
        if self.sheet.foot:
            self._run(paragraph, f"{self.sheet.foot} · ", size=10.5)
        if letter:
            parts = ["— ", "PAGE", " —"]
        elif self.sheet.language == "zh":
            parts = ["第 ", "PAGE", " 页　共 ", "NUMPAGES", " 页"]
        else:
            parts = ["", "PAGE", " / ", "NUMPAGES", ""]
        for place, part in enumerate(parts):
            if place % 2 == 0:
                self._run(paragraph, part, size=10.5)
            else:
                field = OxmlElement("w:fldSimple")
                field.set(qn("w:instr"), part)
                paragraph._p.append(field)
                field.append(self._run(paragraph, "1", size=10.5)._r)

    def _ground(self) -> None:
        """Set the type and spacing that every paragraph begins with."""
        style = self.document.styles["Normal"]
        style.font.size = Pt(self.size)
        properties = style.element.get_or_add_rPr()
        _fonts(properties, _SONG)
        properties.append(_element("w:lang", val="en-US", eastAsia="zh-CN"))
        spacing = style.paragraph_format
        spacing.space_before = spacing.space_after = Pt(0)
        spacing.line_spacing = Pt(_LINE[self.sheet.style])

    def _line(
        self,
        words: str,
        *,
        into: Any = None,
        align: ALIGN | None = None,
        size: float | None = None,
        font: str = "",
        bold: bool = False,
        border: bool = False,
        leading: float | None = None,
        keep: bool = False,
        indent: bool = False,
    ) -> Any:
        paragraph = self.document.add_paragraph() if into is None else into
        if align is not None:
            paragraph.alignment = align
        if align == ALIGN.RIGHT and words.endswith(ROOM):
            # Word and LibreOffice let blanks hang out at the end of a line: the room to sign is an indent.
            words = words.rstrip(ROOM)
            paragraph.paragraph_format.right_indent = Pt(self.size * 6)
        if leading is None and size and size > self.size:
            leading = size * 1.6
        if leading:
            paragraph.paragraph_format.line_spacing = Pt(leading)
        if keep:
            paragraph.paragraph_format.keep_with_next = True
        if indent:
            _first_line(paragraph)
        self._run(paragraph, words, size=size, font=font, bold=bold, border=border)
        return paragraph

    def _run(
        self,
        paragraph: Any,
        words: str,
        *,
        size: float | None = None,
        font: str = "",
        bold: bool = False,
        border: bool = False,
    ) -> Any:
        run = paragraph.add_run(plain(words))
        if size:
            run.font.size = Pt(size)
        if font:
            _fonts(run._r.get_or_add_rPr(), font)
        if bold:
            run.font.bold = True
        if border:
            frame = OxmlElement("w:bdr")
            for name, value in (("val", "single"), ("sz", "8"), ("space", "4"), ("color", "auto")):
                frame.set(qn(f"w:{name}"), value)
            run._r.get_or_add_rPr().append(frame)
        return run

    def _paragraphs(self, block: Paragraphs) -> None:
        for line in _lines(block.words):
            self._line(line, align=ALIGN.JUSTIFY, indent=block.indent)

    def _heading(self, block: Heading) -> None:
        paragraph = self._line(block.words, font=_BLACK, keep=True)
        paragraph.paragraph_format.space_before = Pt(self.size * 0.6)

    def _note(self, block: Note) -> None:
        for line in _lines(block.words):
            self._line(line, size=self.size * 0.85)

    def _pairs(self, block: Pairs) -> None:
        said = [f"{label}{block.separator}{value}" for label, value in block.rows]
        table = _Table(self.document, [1, 1], self.width, borders=False)
        for first in range(0, len(said), 2):
            pair = [*said[first : first + 2], ""][:2]
            table.row([_Box(1, [self._boxed(words, size=self.size * 0.85, align=ALIGN.LEFT)]) for words in pair])
        self._gap()

    def _signature(self, block: Signature) -> None:
        self._gap()
        letter = self.sheet.style == Style.LETTER
        for line in block.lines:
            paragraph = self._line(line, align=ALIGN.RIGHT)
            shape = paragraph.paragraph_format
            shape.keep_together = True
            shape.keep_with_next = line is not block.lines[-1]
            shape.right_indent = Pt((shape.right_indent or Pt(0)).pt + (2 * self.size if letter else 0))

    def _title(self, block: Title) -> None:
        self._line(block.words, align=ALIGN.CENTER, size=self.title_size, font=_DISPLAY, keep=True)

    def _newpage(self, block: NewPage) -> None:
        self.document.add_page_break()

    def _contents(self, block: Contents) -> None:
        for words, _anchor in block.rows:
            self._line(words)

    def _sides(self, block: Sides) -> None:
        table = _Table(self.document, [1, 1], self.width, borders=False)
        left = self._boxed(block.left, align=ALIGN.LEFT, size=10)
        table.row([_Box(1, [left]), _Box(1, [self._boxed(block.right, align=ALIGN.RIGHT, size=10)])])
        self._gap(small=True)

    def _cut(self, block: Cut) -> None:
        # A line of hyphens: it stays one line whatever the words, and cannot be mistaken for the frame of a form.
        words = f" {block.words} " if block.words else ""
        self._line(f"{'- ' * 22}{words}{'- ' * 22}".strip(), align=ALIGN.CENTER, size=9)

    def _ruled(self, block: Ruled) -> None:
        table = _Table(self.document, [1], self.width, rules=True)
        for _ in range(block.lines):
            table.row([_Box(1, [])], height=9.5)
        self._gap()

    def _form(self, block: Form) -> None:
        table = _Table(self.document, block.columns, self.width)
        for row in block.rows:
            height = max((cell.height for cell in row), default=0) or 9
            foot = max((len(cell.foot) for cell in row), default=0) * _LINE[self.sheet.style] / 72 * 25.4
            words = [_Box(cell.span, self._words(cell), top=bool(cell.height)) for cell in row]
            if not foot:
                table.row(words, height=height, whole=_is_short(row))
                continue
            # What is signed stands at the foot of its box: a second row without a line in between.
            feet = [_Box(cell.span, [self._boxed(line, align=ALIGN.RIGHT) for line in cell.foot]) for cell in row]
            for upper, lower, cell in zip(words, feet, row, strict=True):
                upper.part, lower.part = ("upper", "lower") if cell.foot else ("restart", "continue")
            for paragraph in (paragraph for box in words for paragraph in box.paragraphs):
                paragraph.get_or_add_pPr().get_or_add_keepNext()
            table.row(words, height=max(height - foot, 9))
            table.row(feet, height=foot)
        self._gap(small=True)

    def _listing(self, block: Listing) -> None:
        table = _Table(self.document, [column.width for column in block.columns], self.width)
        small: dict[str, Any] = {"size": _LIST_SIZE, "leading": 16}
        heads = [[self._boxed(line, font=_BLACK, **small) for line in _lines(column.label)] for column in block.columns]
        table.row([_Box(1, head) for head in heads], head=True)
        sides = [ALIGN.LEFT if column.left else ALIGN.CENTER for column in block.columns]
        for row in block.rows:
            boxes = [
                _Box(1, [self._boxed(line, align=side, **small) for line in _lines(words)])
                for words, side in zip(row, sides, strict=True)
            ]
            table.row(boxes, height=8)
        self._gap(small=True)

    def _words(self, cell: Cell) -> list[Any]:
        if not cell.height:
            return [self._boxed(line) for line in plain(cell.words).split("\n")]
        return [self._boxed(line, align=ALIGN.JUSTIFY, indent=True) for line in _lines(cell.words) or [""]]

    def _boxed(self, words: str, *, align: ALIGN = ALIGN.CENTER, **how: Any) -> Any:
        """Return the element of a paragraph that stands in a box."""
        paragraph = self._line(words, align=align, **how)
        paragraph._p.getparent().remove(paragraph._p)
        return paragraph._p

    def _gap(self, *, small: bool = False) -> None:
        """Leave a line between what would otherwise touch; a small one only parts two tables."""
        paragraph = self.document.add_paragraph()
        if small:
            paragraph.paragraph_format.line_spacing = Pt(4)


@dataclass(slots=True)
class _Box:
    """A cell of a table; ``part`` says how it joins the one below or above."""

    span: int
    paragraphs: list[Any]
    top: bool = False
    part: str = ""


class _Table:
    """A table written row by row: python-docx's own rows take time with the square of their number."""

    def __init__(
        self, document: Any, parts: Sequence[float], width: float, *, borders: bool = True, rules: bool = False
    ) -> None:
        self.widths = [round(width * part / sum(parts)) for part in parts]
        self.table = _element("w:tbl")
        about = _element("w:tblPr")
        about.append(_element("w:tblW", w=str(sum(self.widths)), type="dxa"))
        if rules or borders:
            sides = ("bottom", "insideH") if rules else ("top", "left", "bottom", "right", "insideH", "insideV")
            frame = _element("w:tblBorders")
            frame.extend(_element(f"w:{side}", val="single", sz="4", space="0", color="auto") for side in sides)
            about.append(frame)
        about.append(_element("w:tblLayout", type="fixed"))
        room = _element("w:tblCellMar")
        room.extend(_element(f"w:{side}", w="60", type="dxa") for side in ("left", "right"))
        about.append(room)
        grid = _element("w:tblGrid")
        grid.extend(_element("w:gridCol", w=str(width)) for width in self.widths)
        self.table.extend([about, grid])
        document.element.body.insert_element_before(self.table, "w:sectPr")

    def row(self, boxes: Sequence[_Box], *, height: float = 0, head: bool = False, whole: bool = False) -> None:
        """Add a row at least ``height`` millimetres high; low ones and ``whole`` ones stay on one page."""
        row, about = _element("w:tr"), _element("w:trPr")
        if height <= 20 or whole:
            about.append(_element("w:cantSplit"))
        if height:
            about.append(_element("w:trHeight", val=str(round(height * _PER_MM)), hRule="atLeast"))
        if head:
            about.append(_element("w:tblHeader"))
        row.append(about)
        column = 0
        for box in boxes:
            cell, shape = _element("w:tc"), _element("w:tcPr")
            shape.append(_element("w:tcW", w=str(sum(self.widths[column : column + box.span])), type="dxa"))
            if box.span > 1:
                shape.append(_element("w:gridSpan", val=str(box.span)))
            if box.part in ("restart", "continue"):
                shape.append(_element("w:vMerge", val=box.part))
            elif box.part:
                frame = _element("w:tcBorders")
                frame.append(_element("w:bottom" if box.part == "upper" else "w:top", val="nil"))
                shape.append(frame)
            shape.append(_element("w:vAlign", val="top" if box.top else "center"))
            cell.append(shape)
            cell.extend(box.paragraphs or [OxmlElement("w:p")])
            row.append(cell)
            column += box.span
        self.table.append(row)


def _is_short(row: Sequence[Cell]) -> bool:
    """Say whether the words of a row surely fit its height, so that it need not run on over a page."""
    return all(len(cell.words) < 40 for cell in row)


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _fonts(properties: Any, chinese: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for side, name in (("ascii", _LATIN), ("hAnsi", _LATIN), ("cs", _LATIN), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{side}"), name)
    fonts.set(qn("w:hint"), "eastAsia")


def _first_line(paragraph: Any) -> None:
    """Indent by two signs of whatever size the paragraph has."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "480")


def _lines(words: str) -> list[str]:
    return [line.strip() for line in plain(words).split("\n") if line.strip()]
