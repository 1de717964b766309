"""Pages of a report: what a title, a table, a bar, a picture look like. Knows nothing of what they say."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from PIL import Image
from pylopdf_fonts_ko import sans_path

FONT = "NotoSansKR"
MARGIN_MM, LABEL_MM, LINE_MM = 16.0, 40.0, 5.0
INK, SOFT, LINE, WASH, ALARM = (22, 36, 46), (91, 107, 118), (205, 215, 222), (243, 246, 248), (179, 38, 30)
PICTURE_PX = 1400
"""Pictures are embedded at this width as JPEG; the bag holds them whole."""


class Pages:
    """A document on its way.

    Args:
        title: on every page.
        reference: in the foot of every page.
        page: words around the number, with `{page}` and `{pages}`.
        language: of the text, for readers that speak it.
    """

    def __init__(self, title: str, reference: str, page: str, made_at: datetime, language: str) -> None:
        self._pdf = _Document(title, reference, page)
        self._pdf.set_creation_date(made_at)
        self._pdf.set_lang(language)
        self._pdf.set_title(title)
        self._pdf.set_creator("Wideberth")
        self._pdf.add_page()

    def save(self, target: Path) -> None:
        """Write the file."""
        self._pdf.output(str(target))

    def note(self, text: str) -> None:
        """A line that must not be overlooked."""
        self._pdf.set_fill_color(*WASH)
        self._block(text, 9.5, INK, fill=True)
        self._pdf.ln(1.5)

    def headline(self, text: str, below: str) -> None:
        """The number of the case."""
        self._block(text, 17, ALARM, line_mm=8.5)
        self._block(below, 10.5, INK)
        self._pdf.ln(2)

    def heading(self, text: str, *, new_page: bool = False) -> None:
        """A heading, on a page of its own where asked."""
        if new_page:
            self._pdf.add_page()
        else:
            self._pdf.ln(2)
            self._room(20)
        self._block(text, 12.5, INK, line_mm=7)

    def text(self, text: str) -> None:
        """A paragraph."""
        self._block(text, 9.5, INK)
        self._pdf.ln(1)

    def small(self, text: str) -> None:
        """A remark."""
        self._block(text, 8.5, SOFT, line_mm=4.3)

    def points(self, lines: Sequence[str]) -> None:
        """A list."""
        for line in lines:
            self._block(f"–  {line}", 9, INK, line_mm=4.6)

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Labels and what they stand for; lines of one fact stay on one page."""
        pdf = self._pdf
        pdf.set_draw_color(*LINE)
        for label, text in rows:
            pdf.set_font(FONT, size=9.5)
            width = pdf.epw - LABEL_MM
            height = max(self._height(width, text), self._height(LABEL_MM - 2, label)) + 1.6
            self._room(height)
            top = pdf.get_y()
            pdf.line(MARGIN_MM, top, MARGIN_MM + pdf.epw, top)
            pdf.set_xy(MARGIN_MM, top + 0.8)
            pdf.set_text_color(*SOFT)
            pdf.multi_cell(LABEL_MM - 2, LINE_MM, label, align="L")
            pdf.set_xy(MARGIN_MM + LABEL_MM, top + 0.8)
            pdf.set_text_color(*INK)
            pdf.multi_cell(width, LINE_MM, text, align="L")
            pdf.set_y(top + height)
        pdf.ln(1.5)

    def bars(self, rows: Sequence[tuple[str, str]], values: Sequence[float]) -> None:
        """A table whose last column is drawn to scale."""
        pdf = self._pdf
        most = max([*values, 1e-9])
        start, room = MARGIN_MM + 90.0, pdf.epw - 90.0
        for (label, text), value in zip(rows, values, strict=True):
            self._room(LINE_MM)
            top = pdf.get_y()
            pdf.set_font(FONT, size=9)
            pdf.set_text_color(*INK)
            pdf.cell(66, LINE_MM, label)
            pdf.cell(20, LINE_MM, text, align="R")
            pdf.set_fill_color(*SOFT)
            pdf.rect(start, top + 1.2, max(0.2, room * value / most), LINE_MM - 2.4, style="F")
            pdf.set_xy(MARGIN_MM, top + LINE_MM)
        pdf.ln(1)

    def picture(self, path: Path, caption: str, height_mm: float) -> None:
        """A picture in the middle with its caption, at most that high."""
        self._room(height_mm + 8)
        pdf = self._pdf
        picture = _reduced(path)
        width_mm = min(pdf.epw, height_mm * picture.width / picture.height)
        pdf.image(picture, x=MARGIN_MM + (pdf.epw - width_mm) / 2, w=width_mm, alt_text=caption)
        self.small(caption)
        pdf.ln(1.5)

    def side_by_side(self, shown: Sequence[tuple[str, str]], folder: Path, height_mm: float = 56.0) -> None:
        """Pictures beside one another, each with its caption below."""
        if not shown:
            return
        self._room(height_mm + 14)
        pdf = self._pdf
        column = (pdf.epw - 4 * (len(shown) - 1)) / len(shown)
        top, bottom = pdf.get_y(), pdf.get_y()
        for number, (file, caption) in enumerate(shown):
            left = MARGIN_MM + number * (column + 4)
            picture = _reduced(folder / file)
            width_mm = min(column, height_mm * picture.width / picture.height)
            pdf.image(picture, x=left, y=top, w=width_mm, alt_text=caption)
            pdf.set_xy(left, top + width_mm * picture.height / picture.width + 1)
            pdf.set_font(FONT, size=8.5)
            pdf.set_text_color(*SOFT)
            pdf.multi_cell(column, 4.3, caption, align="L")
            bottom = max(bottom, pdf.get_y())
        pdf.set_xy(MARGIN_MM, bottom + 2)

    def lines_to_fill(self, labels: Sequence[str]) -> None:
        """Lines to write on."""
        pdf = self._pdf
        pdf.set_draw_color(*SOFT)
        for label in labels:
            self._room(17)
            self._block(label, 9, SOFT)
            pdf.line(MARGIN_MM, pdf.get_y() + 8, MARGIN_MM + pdf.epw, pdf.get_y() + 8)
            pdf.ln(11)

    def _block(
        self, text: str, size: float, colour: tuple[int, int, int], *, line_mm: float = LINE_MM, fill: bool = False
    ) -> None:
        pdf = self._pdf
        pdf.set_font(FONT, size=size)
        pdf.set_text_color(*colour)
        pdf.set_x(MARGIN_MM)
        pdf.multi_cell(pdf.epw, line_mm, text, align="L", fill=fill, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _height(self, width_mm: float, text: str) -> float:
        found = self._pdf.multi_cell(width_mm, LINE_MM, text, dry_run=True, output=MethodReturnValue.HEIGHT)
        assert isinstance(found, (int, float))
        return float(found)

    def _room(self, height_mm: float) -> None:
        if self._pdf.get_y() + height_mm > self._pdf.page_break_trigger:
            self._pdf.add_page()


class _Document(FPDF):
    """A4 with our font, a head and a foot."""

    def __init__(self, title: str, reference: str, page: str) -> None:
        super().__init__(format="A4")
        self._texts = (title, reference, page)
        self.add_font(FONT, "", sans_path())
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=18)

    def header(self) -> None:
        """The title."""
        self.set_font(FONT, size=13)
        self.set_text_color(*INK)
        self.cell(0, 7, self._texts[0], new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_draw_color(*INK)
        self.line(MARGIN_MM, self.get_y() + 0.5, MARGIN_MM + self.epw, self.get_y() + 0.5)
        self.ln(3)

    def footer(self) -> None:
        """Which alert, which page."""
        self.set_y(-13)
        self.set_font(FONT, size=8)
        self.set_text_color(*SOFT)
        _, reference, page = self._texts
        self.cell(self.epw / 2, 5, reference)
        self.cell(self.epw / 2, 5, page.format(page=self.page_no(), pages="{nb}"), align="R")


def _reduced(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        flat = picture.convert("RGB")
    if flat.width > PICTURE_PX:
        flat = flat.resize((PICTURE_PX, round(flat.height * PICTURE_PX / flat.width)), Image.Resampling.LANCZOS)
    flat.format = "JPEG"
    return flat
