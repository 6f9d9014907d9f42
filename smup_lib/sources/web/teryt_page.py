"""What must be sent to the page of full files so that it gives the TERC register?

Nothing of this could be tried on the live page. Third-party clients that use it describe an
ASP.NET form: the page is read, and its fields are sent back with the name of the button.
"""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser

from smup_lib.errors import UnexpectedAnswerError
from smup_lib.sources.web.answers import Answer, Request
from smup_lib.sources.web.polite import PoliteClient

PAGE = Request(
    "rejestr_teryt/udostepnianie_danych/baza_teryt/uzytkownicy_indywidualni/pobieranie/"
    "pliki_pelne.aspx"
)
BUTTON = "ctl00$body$BTERCUrzedowyPobierz"
#: The name of the answer in the store: the hidden fields change with every visit.
REGISTER = Request(PAGE.path, (("__EVENTTARGET", BUTTON),))
#: The page and the file.
CALLS = 2
_STATE = "__VIEWSTATE"
#: Buttons are sent only when they are pressed, and boxes only when they are ticked.
_PRESSED = ("submit", "button", "image", "reset", "file")
_TICKED = ("checkbox", "radio")


class _Fields(HTMLParser):
    """Collects the fields of a page that a browser would send."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, kind = told.get("name", ""), told.get("type", "text").casefold()
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in told or self._select not in self.found:
                self.found[self._select] = told.get("value", "")
        elif tag == "input" and name and kind not in _PRESSED:
            if kind in _TICKED and "checked" not in told:
                return
            self.found[name] = told.get("value", "on" if kind in _TICKED else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def read_fields(page: str) -> dict[str, str]:
    """Return the fields of the form of a page, as they stand there.

    Examples
    --------
    >>> read_fields('<input type="hidden" name="__VIEWSTATE" value="a&amp;b"><input type="submit">')
    {'__VIEWSTATE': 'a&b'}
    """
    fields = _Fields()
    fields.feed(page)
    fields.close()
    return fields.found


class RegisterClient(PoliteClient):
    """Asks for the register in two calls: the page, and its form sent back."""

    def ask(
        self, request: Request, *, form: Mapping[str, str] | None = None, expects: str = ""
    ) -> Answer:
        """Return the file that the button of the page gives.

        Raises
        ------
        ServiceError
            As every client does; also when the page has no form any more.
        """
        page = super().ask(PAGE, expects="html")
        fields = read_fields(page.body.decode("utf-8", errors="replace"))
        if page.status != 200 or _STATE not in fields:
            raise UnexpectedAnswerError(
                f"{self.name}: strona plików pełnych nie ma formularza, który dotąd miała.",
                where=str(PAGE),
                expected=f"ukryte pole {_STATE}",
                next_step="uruchom to samo polecenie później",
            )
        pressed = fields | {"__EVENTTARGET": BUTTON, "__EVENTARGUMENT": ""}
        answer = super().ask(PAGE, form=pressed, expects="bytes")
        return Answer(request, answer.status, answer.body, answer.retrieved, answer.confirmed)
