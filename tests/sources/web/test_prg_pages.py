"""Pages of a WFS layer: which one is next, what is wrong with them, and the file they make."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from smup_lib.errors import UnreadableFileError
from smup_lib.sources.boundaries import read_boundaries
from smup_lib.sources.gml import read_gml
from smup_lib.sources.markup import MarkupError, read_markup
from smup_lib.sources.web.answers import Answer, Request
from smup_lib.sources.web.prg_pages import LAYERS, FeaturePages, codes_of, join_pages
from tests.servers.faults import HTML, Call, Spoil
from tests.servers.prg_shape import Drawn, PrgShape, exception, other_page, replaced
from tests.sources.sample_tables import open_land

GMINY = LAYERS[2]
#: Easting and northing in EPSG:2180, longitude and latitude; computed once, and checked against the
#: series of Krüger for the ellipsoid GRS80, the meridian 19° E and the scale 0.9993.
PLACES = {
    (560_000.0, 480_000.0): (19.8778429183, 52.1828173),
    (640_000.0, 480_000.0): (21.0477216939, 52.1683093),
    (840_000.0, 560_000.0): (24.0460643699, 52.7981513),
    (560_000.0, 560_000.0): (19.8923119237, 52.9021576),
}
PAGES = FeaturePages(GMINY)


@pytest.fixture(scope="module")
def shape(sample_home_dir: Path) -> PrgShape:
    return PrgShape(open_land(sample_home_dir))


def ask(shape: PrgShape, request: Request, number: int, spoil: Spoil | None = None) -> Answer:
    call = Call(number, "prg", request.path, request.parameters, {})
    reply = shape.reply(call)
    return Answer(request, 200, (spoil(reply, call) if spoil else reply).encoded(), 1.0, 1.0)


def ask_all(shape: PrgShape, spoil: Spoil | None = None, at: int = 2) -> list[Answer]:
    """Ask page after page; ``spoil`` breaks one of them."""
    answers: list[Answer] = []
    request: Request | None = GMINY.request()
    while request is not None:
        number = len(answers) + 1
        answers.append(ask(shape, request, number, spoil if number == at else None))
        request = PAGES.next_page(answers)
    return answers


@pytest.mark.parametrize("knows", [False, True])
def test_pages_are_turned_until_the_last(shape, knows):
    shape.knows_count = knows
    answers = ask_all(shape)
    shape.knows_count = False
    assert [dict(one.request.parameters)["startIndex"] for one in answers] == ["0", "70", "140"]
    assert PAGES.fault(answers) == ""
    codes = [one.code for one in shape.layers["gmina"]]
    assert codes_of([one.body for one in answers]) == codes


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (exception, "serwis odpowiada błędem: msPostGISLayerWhichShapes(): Query error"),
        (replaced('numberReturned="70"', 'numberReturned="69"'), "zapowiada 69 obiektów, a ma 70"),
        (replaced('numberReturned="70"', ""), "nie podaje, ile ma obiektów"),
        (replaced('numberMatched="unknown"', 'numberMatched="168"'), "różną liczbę obiektów"),
        (replaced("FeatureCollection", "Capabilities"), "to nie jest warstwa WFS 2.0"),
        (replaced("<ms:JPT_KOD_JE>", "<ms:JPT_KOD_JE><a>", 1), "XML jest ucięty"),
        (replaced("JPT_KOD_JE", "KOD"), "obiekty bez kodu jednostki (JPT_KOD_JE): 70"),
        (
            replaced('"http://mapserver.gis.umn.edu/mapserver"', '"http://nowhere.invalid/ms"', 1),
            "różne przestrzenie nazw",
        ),
    ],
)
def test_pages_that_do_not_fit_together_are_told(shape, spoil, says):
    assert says in PAGES.fault(ask_all(shape, spoil))


def test_pages_that_overlap_are_told(shape):
    said = PAGES.fault(ask_all(shape, other_page(shape, 60)))
    assert "strony zachodzą na siebie" in said and "więcej niż raz" in said


def test_a_count_that_lies_is_told(shape):
    shape.knows_count = True
    answers = ask_all(shape, other_page(shape, 200), at=3)
    shape.knows_count = False
    assert "ma mieć 168 obiektów, a przyszło 140" in PAGES.fault(answers)


def test_an_empty_layer_is_no_layer(shape):
    answers = [ask(shape, GMINY.request(500), 1)]
    assert PAGES.next_page(answers) is None
    assert PAGES.fault(answers) == "warstwa nie ma ani jednego obiektu"


def test_the_joined_pages_are_one_file_with_every_byte_of_a_feature(shape):
    bodies = [one.body for one in ask_all(shape)]
    whole = b"".join(join_pages(bodies))
    assert whole.startswith(bodies[0].rpartition(b"</wfs:member>")[0])
    assert bodies[1][bodies[1].index(b"<wfs:member>") : bodies[1].rindex(b"</wfs:mem")] in whole
    found = read_gml(whole, "x")
    drawn = shape.layers["gmina"]
    assert [told["JPT_KOD_JE"] for told, _ in found] == [one.code for one in drawn]
    for (_, polygon), one in zip(found, drawn, strict=True):
        assert shapely.equals_exact(polygon, one.shape, 1e-9)
    assert b"".join(join_pages([shape_empty(bodies[0]), bodies[1]])).count(b"<wfs:member>") == 70


def shape_empty(body: bytes) -> bytes:
    """Return a page without its features."""
    first, last = body.index(b"<wfs:member>"), body.rindex(b"</wfs:FeatureCollection>")
    return body[:first] + body[last:]


def test_a_code_that_looks_like_a_number_keeps_its_zero(shape):
    body = ask(shape, LAYERS[0].request(), 1).body
    for old, new in (("90", "02"), ("92", "04"), ("94", "06")):
        body = body.replace(f"<ms:JPT_KOD_JE>{old}<".encode(), f"<ms:JPT_KOD_JE>{new}<".encode())
    assert read_boundaries(body, "x").codes == ("02", "04", "06")


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'


@pytest.mark.parametrize("content", [DOCTYPE, b"<a>", b"", HTML, b"<a></b>"])
def test_markup_that_is_cut_or_asks_for_more_than_itself_is_refused(content):
    with pytest.raises(MarkupError):
        read_markup(content)
    with pytest.raises(UnreadableFileError):
        read_gml(content, "x.gml")


def test_xml_without_features_is_no_gml():
    with pytest.raises(UnreadableFileError, match="żadnego obiektu"):
        read_boundaries(b"<?xml version='1.0'?><a/>", "x.gml")


@pytest.mark.parametrize("reversed_axes", [False, True])
def test_a_place_of_the_grid_lies_where_the_grid_says(sample_home_dir, reversed_axes):
    shape = PrgShape(open_land(sample_home_dir))
    shape.reversed_axes = reversed_axes
    shape.layers = {"gmina": [Drawn("9001011", "Kwadrat", shapely.Polygon(PLACES))]}
    layer = read_boundaries(b"".join(join_pages([ask(shape, GMINY.request(), 1).body])), "x")
    told = shapely.get_coordinates(layer.geometry)
    assert len(told) == len(PLACES) + 1
    for place in PLACES.values():
        assert abs(told - place).max(axis=1).min() < 1e-7
