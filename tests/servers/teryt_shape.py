"""How does the page of full TERYT files behave? Reconstructed from what third-party clients send.

The address below the base, the button and the hidden fields follow sources.md 6 and those clients
(confidence M). Never seen, and so invented here: the rest of the page.
"""

from __future__ import annotations

import io
import zipfile

import pandas as pd

from smup_lib.snapshots import Snapshot
from tests.servers.faults import Call, Reply
from tests.servers.smup_shape import RODZ

PAGE = (
    "rejestr_teryt/udostepnianie_danych/baza_teryt/uzytkownicy_indywidualni/pobieranie/"
    "pliki_pelne.aspx"
)
BUTTON = "ctl00$body$BTERCUrzedowyPobierz"
MEMBER = "TERC_Urzedowy_2026-07-22.csv"
TODAY = "22 lipca 2026"
_HTML = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">
<html><body><form method="post" action="./pliki_pelne.aspx">
<input type="hidden" name="__EVENTTARGET" id="__EVENTTARGET" value="" />
<input type="hidden" name="__VIEWSTATE" value="{state}" />
<input type="hidden" name="__VIEWSTATEGENERATOR" value="CA0B0334" />
<input type="hidden" name="__EVENTVALIDATION" value="/wEdAAY&amp;=" />
<input name="ctl00$body$TBData" type="text" value="{today}" />
<input type="checkbox" name="ctl00$body$CBKontrast" />
<input type="submit" name="ctl00$body$BSzukaj" value="Szukaj" />
<select name="ctl00$body$DDJezyk"><option value="pl" selected="selected">PL</option>
<option value="en">EN</option></select>
<a href="javascript:__doPostBack('ctl00$body$BTERCUrzedowyPobierz','')">Pobierz</a>
</form></body></html>"""


class TerytShape:
    """The newest register of the sample land as the page would give it."""

    prefix = "teryt"

    def __init__(self, land: Snapshot) -> None:
        units = land.table("units")
        self.newest = units[units["state_date"] == units["state_date"].max()]
        self.archive = zipped({MEMBER: terc_csv(self.newest)})

    def reply(self, call: Call) -> Reply:
        """Return the sound answer to a call."""
        if call.path != PAGE:
            return Reply(404, {"message": "Not Found"})
        if call.form is None or not self._is_pressed(call):
            page = _HTML.format(state=_state(call.number), today=TODAY)
            headers = {
                "Content-Type": "text/html; charset=utf-8",
                "Set-Cookie": f"ASP.NET_SessionId={call.number}; path=/; HttpOnly",
            }
            return Reply(body=page.encode(), headers=headers)
        return Reply(body=self.archive, headers={"Content-Type": "application/zip"})

    def _is_pressed(self, call: Call) -> bool:
        """Tell whether a form is that of a visit before, whole, with the button pressed."""
        session = call.headers.get("Cookie", "").rpartition("=")[2]
        return session.isdecimal() and call.form == {
            "__EVENTTARGET": BUTTON,
            "__EVENTARGUMENT": "",
            "__VIEWSTATE": _state(int(session)).replace("&amp;", "&"),
            "__VIEWSTATEGENERATOR": "CA0B0334",
            "__EVENTVALIDATION": "/wEdAAY&=",
            "ctl00$body$TBData": TODAY,
            "ctl00$body$DDJezyk": "pl",
        }


def _state(number: int) -> str:
    return f"/wEPDwUKMTQ4{number}&amp;xyz=="


def terc_csv(units: pd.DataFrame) -> bytes:
    """Return one vintage of a register as the official file: BOM, CRLF, semicolons."""
    lines = ["WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA"]
    for code, kind, name, extra, day in units[
        ["unit_code", "kind", "name", "name_extra", "state_date"]
    ].itertuples(index=False):
        if kind == "country":
            continue
        parts = [code[:2], code[2:4], code[4:6]]
        rodz = code[6:] or (RODZ[kind] if len(code) == 6 else "")
        lines.append(";".join([*parts, rodz, name, extra, day]))
    return ("\ufeff" + "\r\n".join([*lines, "", ""])).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    """Return an archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()
