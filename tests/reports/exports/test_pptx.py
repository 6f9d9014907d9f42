"""Slides of a report: real titles, told pictures, nothing outside a slide, whatever the length."""

from __future__ import annotations

import io

import pptx
import pytest

from smup_lib.paths import project_dir
from smup_lib.reports.exports.content import Bullets, Content, Heading, Paragraph, Run, text_of
from smup_lib.reports.exports.outline import (
    GAPS,
    PEERS,
    QUESTIONS,
    SOURCES,
    SUMMARY,
    list_shown,
    list_told,
    picture_for,
    pictures_of,
    sections_of,
)
from smup_lib.reports.exports.page import read_content
from smup_lib.reports.exports.pptx import _BODY_BOX, _BODY_SIZES, write_pptx
from smup_lib.reports.notebook_files import read_notebook
from tests.reports.exports.office_rules import broken_rules

LONG = "Wydatki na utrzymanie dróg (na obszarze powiatu czarnkowsko-trzcianeckiego): więcej niż w "


def lines_needed(frame, width_pt: float, size: float) -> float:
    """Return the height in points that the paragraphs of a frame take."""
    letters = width_pt / (size * 0.5)
    lines = sum(max(1, -(-len(p.text) // int(letters))) for p in frame.paragraphs)
    return lines * size * 1.2


@pytest.fixture(scope="module")
def data(content, report_home) -> bytes:
    return write_pptx(content)


@pytest.fixture(scope="module")
def slides(data):
    return pptx.Presentation(io.BytesIO(data)).slides


def test_powerpoint_finds_nothing_to_repair(data):
    assert broken_rules(data) == []


def test_no_two_slides_have_one_title(slides):
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert len(set(titles)) == len(titles)


def test_every_slide_has_a_title_and_tells_what_data_it_rests_on(slides, content):
    assert len(slides) >= 8
    for number, slide in enumerate(slides, 1):
        assert slide.shapes.title.text_frame.text
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        foot = texts[-1]
        assert content.receipt["snapshot"] in foot
        assert "jednostki fikcyjne" in foot
        assert foot.endswith(f"slajd {number}")


def test_the_first_things_come_first_and_all_findings_are_told(slides, content):
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[1] == "Trzy najważniejsze rzeczy"
    whole = "\n".join(
        shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame
    )
    told = list(list_told(content.blocks))
    assert len(told) >= 6
    assert all("".join(run.text for run in one.sentence if not run.hidden) in whole for one in told)
    assert "pewność: " in slides[1].placeholders[1].text_frame.text
    certain = [one for one in told if any("pewność: " in text_of(runs) for runs in one.details)]
    assert whole.count("pewność: ") >= len({text_of(one.sentence) for one in certain}) > 3
    for name in ("Z kim porównujemy", "Czego nie wiemy", "Pytania na spotkanie"):
        assert any(title.startswith(name) for title in titles)
    assert titles[-1].startswith("Źródła i metryka")


def test_sections_are_found_whatever_their_headings_say(content):
    assert {SUMMARY, PEERS, GAPS, QUESTIONS, SOURCES} <= set(sections_of(content))


def test_a_finding_stands_beside_its_own_chart_told_in_words(slides, content):
    pictures = list(pictures_of(content.blocks))
    told = list(list_told(content.blocks))
    drawn = [slide for slide in slides if any(s.shape_type == 13 for s in slide.shapes)]
    assert len(drawn) >= 2
    for slide in drawn:
        (picture,) = [shape for shape in slide.shapes if shape.shape_type == 13]
        named = picture._element.nvPicPr.cNvPr
        title = slide.shapes.title.text_frame.text
        assert named.get("descr")
        found = [one for one in told if text_of(one.sentence) == title]
        if found:
            assert named.get("title") == picture_for(found[0], pictures).title
            assert slide.has_notes_slide
        else:  # an indicator that no finding tells about
            assert any(one.title == title for one in list_shown(content.blocks))
    subjects = {one.numbers[0].key.indicator for one in told if picture_for(one, pictures)}
    assert len(drawn) >= min(6, len(subjects))


def test_nothing_is_outside_its_slide(slides):
    height = 190.5 * 36000
    for slide in slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= 338.8 * 36000
            assert shape.top + shape.height <= height
            if shape.has_text_frame and shape.text_frame.text:
                size = shape.text_frame.paragraphs[0].runs[0].font.size.pt
                assert size >= 12
                needed = lines_needed(shape.text_frame, shape.width.pt, size)
                assert needed <= shape.height.pt


def test_many_long_findings_go_on_as_many_slides_as_they_need(report_home):
    said = [
        (Paragraph((Run(f"○ {LONG}{number} z 28 porównywanych powiatów."),), "sentence"),)
        for number in range(28)
    ]
    content = Content("Próba", (Heading(1, (Run("Drogi"),)), Bullets(tuple(said))))
    slides = pptx.Presentation(io.BytesIO(write_pptx(content))).slides
    rest = [s for s in slides if s.shapes.title.text_frame.text.startswith("Pozostałe ustalenia")]
    assert len(rest) >= 3
    assert rest[0].shapes.title.text_frame.text.endswith(f"(1 z {len(rest)})")
    assert sum(len(s.placeholders[1].text_frame.paragraphs) for s in rest) == 22
    for slide in rest:
        lines = [p.text for p in slide.placeholders[1].text_frame.paragraphs]
        assert _BODY_BOX.holds(lines, _BODY_SIZES[-1])


def test_what_no_slide_holds_goes_on_and_overflows_none(report_home):
    """One line of many sentences, and the facts of a finding without a chart."""
    fact = Paragraph((Run(f"pewność: {LONG * 60}koniec."),), "detail")
    item = (Paragraph((Run("● Drogi: więcej niż u innych."),), "sentence"), fact)
    content = Content("Próba", (Heading(1, (Run("Drogi"),)), Bullets((item,))))
    slides = pptx.Presentation(io.BytesIO(write_pptx(content))).slides
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    whole = {"W skrócie": "", "● Drogi": ""}
    for title, slide in list(zip(titles, slides, strict=True))[1:]:
        lines = [p.text for p in slide.placeholders[1].text_frame.paragraphs]
        size = slide.placeholders[1].text_frame.paragraphs[0].runs[0].font.size.pt
        assert _BODY_BOX.holds(lines, size), title
        whole[next(name for name in whole if title.startswith(name))] += " ".join(lines) + " "
    assert whole["● Drogi"].strip() == f"pewność: {LONG * 60}koniec."
    assert (
        whole["W skrócie"].strip() == f"● Drogi: więcej niż u innych. pewność: {LONG * 60}koniec."
    )
    assert any("ciąg dalszy (1 z " in title for title in titles)
    assert len(set(titles)) == len(titles)


def test_every_notebook_asks_its_questions_under_the_heading_that_slides_look_for():
    """The other sections are found by their class; this one is written in the notebooks."""
    found = 0
    for path in project_dir("notebooks").glob("*.ipynb"):
        cells = read_notebook(path).cells
        heads = [line for cell in cells for line in cell.source.splitlines() if "## " in line[:3]]
        asks = [head for head in heads if "pytani" in head.lower() or "spotkani" in head.lower()]
        assert set(asks) <= {f"## {QUESTIONS}"}, path.name
        found += len(asks)
    assert found >= 14


def test_a_report_without_findings_still_shows_its_indicators(report_home):
    page = (
        "<main><h1>Kultura</h1><section class='smup-summary'><h2>W trzech słowach</h2>"
        "<p>Nic nie odbiega.</p></section><h2>Usługi</h2>"
        "<h3>Sale kinowe</h3><p class='smup-value'>3 sale</p>"
        "<svg viewBox='0 0 64 20'><title>Sale</title></svg>"
        "<section class='smup-gaps'><h2>Czego nie wiemy</h2><table><thead><tr>"
        "<th>Czego brakuje</th><th>Dlaczego</th></tr>"
        f"</thead><tbody>{'<tr><td>Muzea</td><td>nikt nie liczy</td></tr>' * 9}</tbody></table>"
        "<p>W tabeli stoi, gdzie są te dane.</p></main>"
    )
    slides = pptx.Presentation(io.BytesIO(write_pptx(read_content(page)))).slides
    told = {s.shapes.title.text_frame.text: s for s in slides}
    assert told["W trzech słowach"].placeholders[1].text_frame.text == "Nic nie odbiega."
    assert [s.shape_type for s in told["Sale kinowe"].shapes].count(13) == 1
    gaps = [p.text for p in told["Czego nie wiemy"].placeholders[1].text_frame.paragraphs]
    assert gaps[:2] == ["Bez wartości:", "Muzea"]
    assert gaps[-1] == "oraz dalsze, razem 9: pełna lista jest w raporcie"


def test_a_council_reads_who_holds_the_data_and_nothing_of_programs(report_home):
    page = (
        "<main><h1>Kultura</h1><section class='smup-gaps'><h2>Czego nie wiemy</h2><table><thead>"
        "<tr><th>Czego brakuje</th><th>Dlaczego</th><th>Gdzie są te dane</th></tr></thead><tbody>"
        "<tr><td>Koszt biblioteki.</td><td>Sumuje je polecenie smup data sync bestia.</td>"
        "<td>Sprawozdania Rb-28S.</td></tr></tbody></table></section></main>"
    )
    slides = pptx.Presentation(io.BytesIO(write_pptx(read_content(page)))).slides
    told = {s.shapes.title.text_frame.text: s.placeholders[1].text_frame.text for s in slides}
    assert told["Czego nie wiemy"] == "Koszt biblioteki. Gdzie są dane: Sprawozdania Rb-28S."


def test_doubts_about_values_come_after_what_was_found(report_home):
    def said(name: str, detail: str) -> tuple[Paragraph, ...]:
        return Paragraph((Run(name),), "sentence"), Paragraph((Run(detail),), "detail")

    told = [said("○ Kina: warto sprawdzić.", "1,0 szt."), said("▲ Sport: mniej.", "pewność: mała")]
    content = Content("Próba", (Heading(1, (Run("Kultura"),)), Bullets(tuple(told))))
    slides = pptx.Presentation(io.BytesIO(write_pptx(content))).slides
    texts = {s.shapes.title.text_frame.text: s.placeholders[1].text_frame.text for s in slides}
    assert texts["W skrócie"].splitlines() == ["▲ Sport: mniej.", "pewność: mała"]
    assert texts["Wartości do sprawdzenia u źródła"].startswith("○ Kina")


def test_titles_of_slides_have_one_size(slides):
    sizes = {s.shapes.title.text_frame.paragraphs[0].runs[0].font.size for s in list(slides)[1:]}
    assert len(sizes) == 1
