"""At which address does the accessibility statement stand, and who answers there?"""

from __future__ import annotations

from collections.abc import Sequence

from voila.handler import BaseVoilaHandler

from smup_lib.apps.serving.dashboards import Dashboard
from smup_lib.errors import SmupError
from smup_lib.present.accessibility_facts import Office
from smup_lib.present.accessibility_page import render_statement
from smup_lib.reports.accessibility import read_measured, read_office

#: Fixed, so that the office's own site can lead to it.
ADDRESS = "voila/dostepnosc"


class StatementPage(BaseVoilaHandler):  # type: ignore[misc]  # untyped library
    """Shows the statement; what the office said is read anew each time."""

    def get(self) -> None:
        """Answer with the page."""
        settings = self.settings["voila_jinja2_env"].globals["smup"]
        self.write(self.render_template("statement.html", statement=statement(settings["apps"])))


def statement(apps: Sequence[Dashboard]) -> str:
    """Return the statement of the pages that are served, as markup.

    Examples
    --------
    >>> "<h1>Deklaracja dostępności</h1>" in statement(())
    True
    """
    problem = ""
    try:
        office = read_office()
    except SmupError as error:
        office, problem = Office(), " ".join((error.what, *error.problems))
    return render_statement(office, read_measured(), [app.file for app in apps], problem=problem)
