"""How does the WFS of PRG answer? Reconstructed from what third-party clients send and read.

``wfs:member``, ``ms:msGeometry``, ``gml:MultiSurface`` with northing first, the fields
``JPT_KOD_JE`` and ``JPT_NAZWA_``, ``numberMatched="unknown"`` and ``next`` follow sources.md 7 and
those clients (confidence M). Never seen, and so invented here: other fields and the words of an
exception.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import shapely

from smup_lib.snapshots import Snapshot
from tests.servers.faults import Call, Reply, Spoil
from tests.servers.smup_shape import RODZ

PATH = "AdministrativeBoundaries"
LEVELS = {
    "ms:A01_Granice_wojewodztw": "voivodeship",
    "ms:A02_Granice_powiatow": "powiat",
    "ms:A03_Granice_gmin": "gmina",
}
_CAPABILITIES = (
    '<wfs:WFS_Capabilities xmlns:wfs="http://www.opengis.net/wfs/2.0" version="2.0.0">'
    + "".join(
        f"<FeatureType><Name>{name}</Name><DefaultCRS>urn:ogc:def:crs:EPSG::2180</DefaultCRS>"
        "</FeatureType>"
        for name in LEVELS
    )
    + "</wfs:WFS_Capabilities>"
).encode()
#: South-west corner of the land when it is laid on Poland: in the north-east, where easting and
#: northing cannot be taken for each other.
CORNER = np.array([600_000.0, 480_000.0])
#: Metres a degree, about as in Poland; where a place of the grid really lies, tests write down.
METRES = np.array([68_000.0, 111_000.0])
_PAGE = """<?xml version='1.0' encoding="UTF-8" ?>
<wfs:FeatureCollection xmlns:ms="http://mapserver.gis.umn.edu/mapserver"
 xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:wfs="http://www.opengis.net/wfs/2.0"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" timeStamp="2026-07-22T10:00:0{second}"
 xsi:schemaLocation="http://mapserver.gis.umn.edu/mapserver https://nowhere.invalid/schema.xsd"
 numberMatched="{matched}" numberReturned="{returned}"{next}>
{members}</wfs:FeatureCollection>
"""
_MEMBER = """<wfs:member><ms:{layer}>
<ms:msGeometry><gml:MultiSurface gml:id="ms.{id}" srsName="urn:ogc:def:crs:EPSG::2180">
{surfaces}</gml:MultiSurface></ms:msGeometry>
<ms:JPT_SJR_KO>{kind}</ms:JPT_SJR_KO><ms:JPT_KOD_JE>{code}</ms:JPT_KOD_JE>
<ms:JPT_NAZWA_>{name}</ms:JPT_NAZWA_></ms:{layer}></wfs:member>
"""
EXCEPTION = b"""<?xml version='1.0' encoding="UTF-8" ?>
<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1" version="2.0.0">
<ows:Exception exceptionCode="NoApplicableCode" locator="mapserv">
<ows:ExceptionText>msPostGISLayerWhichShapes(): Query error.</ows:ExceptionText>
</ows:Exception></ows:ExceptionReport>
"""


@dataclass(frozen=True)
class Drawn:
    """A unit with its shape in metres, easting first."""

    code: str
    name: str
    shape: Any


class PrgShape:
    """The newest boundaries of the sample land, laid on the Polish grid.

    Parameters
    ----------
    land : Snapshot
    largest_page : int
        Features a page at most; fewer than asked for, so that tests turn pages.

    Attributes
    ----------
    knows_count : bool
        Whether pages tell how many features the layer has.
    reversed_axes : bool
        Whether easting stands first, against what the coordinate system says.
    """

    prefix = "prg"

    def __init__(self, land: Snapshot, largest_page: int = 70) -> None:
        self.largest_page = largest_page
        self.knows_count = self.reversed_axes = False
        self._land = land

    @cached_property
    def layers(self) -> dict[str, list[Drawn]]:
        """Return the units of every level, in an order that says nothing."""
        units = self._land.table("units").drop_duplicates("unit_code", keep="last")
        known = units.set_index("unit_code")
        table = self._land.table("boundaries")
        corner = None
        found = {}
        for level in LEVELS.values():
            rows = table[(table["level"] == level) & (table["year"] == table["year"].max())]
            shapes = shapely.from_wkb(rows["geometry"].to_numpy())
            corner = shapely.total_bounds(shapes)[:2] if corner is None else corner
            laid = shapely.transform(
                shapes, lambda points, at=corner: ((points - at) * METRES + CORNER).round(2)
            )
            drawn = []
            for code, shape in zip(rows["unit_code"], laid, strict=True):
                rodz = RODZ[known.at[code, "kind"]] if len(code) == 6 else ""
                drawn.append(Drawn(code + rodz, known.at[code, "name"], shape))
            found[level] = sorted(drawn, key=lambda one: one.code[::-1])
        return found

    def reply(self, call: Call) -> Reply:
        """Return the sound answer to a call."""
        level = LEVELS.get(call.told("typeNames"))
        asked = [call.told(name) for name in ("service", "version", "request", "srsName")]
        if call.path != PATH:
            return Reply(404, {"message": "Not Found"})
        if asked[:3] == ["WFS", "2.0.0", "GetCapabilities"]:
            return as_xml(_CAPABILITIES)
        if level is None or asked != ["WFS", "2.0.0", "GetFeature", "urn:ogc:def:crs:EPSG::2180"]:
            return as_xml(EXCEPTION)
        drawn, start = self.layers[level], int(call.told("startIndex"))
        size = min(int(call.told("count")), self.largest_page)
        page = drawn[start : start + size]
        further = (
            ' next="https://nowhere.invalid/?STARTINDEX=1"' if start + size < len(drawn) else ""
        )
        layer = call.told("typeNames").removeprefix("ms:")
        members = [self._member(layer, number, one) for number, one in enumerate(page, 1)]
        text = _PAGE.format(
            second=call.number % 10,
            matched=len(drawn) if self.knows_count else "unknown",
            returned=len(page),
            next=further,
            members="".join(members),
        )
        return as_xml(text.encode())

    def _member(self, layer: str, number: int, one: Drawn) -> str:
        parts = shapely.get_parts(one.shape)
        surfaces = "".join(
            f"<gml:surfaceMember>{self._polygon(part)}</gml:surfaceMember>\n" for part in parts
        )
        return _MEMBER.format(
            layer=layer,
            id=number,
            surfaces=surfaces,
            kind=layer[:3],
            code=one.code,
            name=escape(one.name),
        )

    def _polygon(self, polygon: Any) -> str:
        rings = [("exterior", polygon.exterior), *(("interior", r) for r in polygon.interiors)]
        return "<gml:Polygon>{}</gml:Polygon>".format(
            "".join(
                f"<gml:{name}><gml:LinearRing><gml:posList srsDimension='2'>{self._places(ring)}"
                f"</gml:posList></gml:LinearRing></gml:{name}>"
                for name, ring in rings
            )
        )

    def _places(self, ring: Any) -> str:
        points = shapely.get_coordinates(ring)
        told = points if self.reversed_axes else points[:, ::-1]
        return " ".join(f"{number:.2f}" for number in told.ravel())

    def geojson(self, level: str) -> bytes:
        """Return the same layer as the file that a user would import."""
        features = [
            {
                "type": "Feature",
                "properties": {"JPT_KOD_JE": one.code, "JPT_NAZWA_": one.name},
                "geometry": shapely.geometry.mapping(one.shape),
            }
            for one in self.layers[level]
        ]
        return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def as_xml(body: bytes) -> Reply:
    """Return a reply with XML."""
    return Reply(body=body, headers={"Content-Type": "text/xml; charset=UTF-8"})


def replaced(old: str, new: str, times: int = -1) -> Spoil:
    """Put other words in the place of some."""
    return lambda reply, call: as_xml(
        (reply.body or b"").replace(old.encode(), new.encode(), times)
    )


def exception(reply: Reply, call: Call) -> Reply:
    """Answer with an error report and status 200."""
    return as_xml(EXCEPTION)


def other_page(shape: PrgShape, start: int) -> Callable[[Reply, Call], Reply]:
    """Answer with another page than the one asked for: pages overlap."""

    def spoil(reply: Reply, call: Call) -> Reply:
        query = [(name, str(start) if name == "startIndex" else told) for name, told in call.query]
        moved = Call(call.number, call.service, call.path, tuple(query), call.headers)
        return shape.reply(moved)

    return spoil
