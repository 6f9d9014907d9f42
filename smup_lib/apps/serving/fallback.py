"""What does a visitor read when the server is full or down? Pages of reports made beforehand.

The reports are those of a batch, the list of them is its site (:mod:`smup_lib.reports.batch.site`),
and beside that stands one page for each app, which says what this copy is, of which data, and how
to come back to the live page. Nothing in it needs a script or a kernel, so that any server of files
can show it: ours, nginx, or a disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from smup_lib.apps.parts.link import read_link
from smup_lib.apps.serving.dashboards import Dashboard, list_dashboards
from smup_lib.errors import SettingsError
from smup_lib.paths import told_when_unwritable, write_whole
from smup_lib.plurals import REPORT_NOUN
from smup_lib.present.formats import count_of, format_date
from smup_lib.present.page_shell import render_page
from smup_lib.present.tables import render_facts
from smup_lib.reports.batch import site_pages
from smup_lib.reports.batch.manifest import LEDGER, read_rows
from smup_lib.reports.batch.site import SITE_FOLDER, BatchSite, write_batch_site
from smup_lib.reports.batch.site_contents import ListedReport, SiteContents, list_contents

#: Where the server shows the copy; the pages lead back to the live ones by it.
ADDRESS = "voila/static-fallback/"
#: Of the pages of the apps, in the folder of the site.
PAGES = "zapas"
#: What stands in for an app; any other app shows every report.
_STANDS_IN = {
    "comparison": ("unit_comparison",),
    "desk": (),
    "finance": ("finance", "local_taxes"),
    "quality": ("data_quality",),
}
#: More units than these are reached by their voivodeships.
_MOST_UNITS = 400
_NOTHING = "Gotowych raportów, które zastąpią tę stronę, w tej kopii nie ma."


@dataclass(frozen=True)
class Fallback:
    """What was written.

    Attributes
    ----------
    index : Path
        The page to begin with.
    pages : int
        Pages of apps.
    site : BatchSite
        The reports that they lead to.
    """

    index: Path
    pages: int
    site: BatchSite


def write_fallback(folder: Path, apps: Sequence[Dashboard] | None = None) -> Fallback:
    """Write the static pages of all apps over the reports of a batch.

    Parameters
    ----------
    folder : Path
        Of the batch; its site is written anew.
    apps : sequence of Dashboard, optional
        Every app when omitted.

    Raises
    ------
    ReportError
        When the folder holds no batch.
    SettingsError
        When the folder cannot be written.
    """
    site = write_batch_site(folder)
    contents = list_contents(folder, read_rows(folder / LEDGER).values(), "")
    root = folder / SITE_FOLDER / PAGES
    apps = list_dashboards() if apps is None else apps
    with told_when_unwritable(root, "Nie udało się zapisać stron", "zwolnij miejsce i powtórz"):
        root.mkdir(exist_ok=True)
        for app in apps:
            write_whole(root / _page_name(app), _app_page(app, contents))
        write_whole(root / site_pages.INDEX, _first_page(apps, contents))
    return Fallback(root / site_pages.INDEX, len(apps), site)


def find_fallback(folder: Path) -> Path:
    """Return the folder that a server may show of a batch with static pages.

    Raises
    ------
    SettingsError
        When ``smup apps fallback`` has not been there.
    """
    root = folder / SITE_FOLDER
    if not (root / PAGES / site_pages.INDEX).is_file():
        raise SettingsError(
            "W tym folderze nie ma stron zastępczych.",
            where=str(folder),
            expected="folder, w którym zapisało je polecenie smup apps fallback",
            next_step=f"zapisz je: smup apps fallback {folder} --area kultura --units powiaty "
            "--year 2022",
        )
    return root.resolve()


def fallback_path(root: Path, file: str, query: str) -> str:
    """Return which page of the copy is nearest to a link that could not be opened.

    Parameters
    ----------
    root : Path
        From :func:`find_fallback`.
    file : str
        Notebook of the app.
    query : str
        Of the link; a unit in it whose reports are there is shown at once.
    """
    link, _ = read_link(query)
    name = quote(f"{Path(file).stem}.html", safe="")
    near = [site_pages.unit_path(link.unit)] if link.unit and link.unit.isdigit() else []
    for path in (*near, f"{PAGES}/{name}"):
        if (root / path).is_file():
            return path
    return f"{PAGES}/{site_pages.INDEX}"


def _page_name(app: Dashboard) -> str:
    return f"{Path(app.file).stem}.html"


def _app_page(app: Dashboard, contents: SiteContents) -> str:
    stem = Path(app.file).stem
    kinds = _STANDS_IN.get(stem, tuple(contents.areas))
    shown = [report for report in contents.reports if report.page and report.row.report in kinds]
    # from its place below the address of the server, wherever that is
    live = "../" * f"{ADDRESS}{PAGES}/".count("/") + app.path
    body = (
        f"<header class='smup-head'><h1>{escape(app.title)} – kopia bez serwera</h1></header>"
        f"<p>Serwer aplikacji jest teraz zajęty albo wyłączony. {escape(_told(shown))}</p>"
        f'<p><a href="{live}">Spróbuj otworzyć stronę z wyborem i wykresami</a>. Gdy się nie '
        "otworzy, spróbuj za kilka minut; adres i godziny pracy serwera zna administrator.</p>"
        f"{_units(shown, contents)}{_areas(shown, contents)}{_origin(contents)}"
    )
    return _render(app.title, body, contents)


def _told(shown: Sequence[ListedReport]) -> str:
    if not shown:
        return _NOTHING
    made = count_of(len(shown), REPORT_NOUN)
    return f"Tu jest do czytania {made}; wyboru grupy i wskaźników w nich nie ma."


def _units(shown: Sequence[ListedReport], contents: SiteContents) -> str:
    """Return links to the units, or to their voivodeships where the list would be too long."""
    wanted = {report.row.unit for report in shown}
    if not wanted:
        return f'<p><a href="../{site_pages.INDEX}">Wszystkie raporty tej kopii</a></p>'
    lists = []
    for code, units in contents.voivodeships.items():
        name = escape(contents.names[code])
        listed = [unit for unit in units if unit.code in wanted]
        if listed and len(wanted) > _MOST_UNITS:
            place = f"../{site_pages.PLACE_FOLDER}/{code}.html"
            lists.append(f'<p><a href="{place}">{name}</a></p>')
        elif listed:
            links = _links((f"../{site_pages.unit_path(u.code)}", u.name) for u in listed)
            lists.append(f"<h3>{name}</h3>{links}")
    return f"<section><h2>Wybierz jednostkę</h2>{''.join(lists)}</section>"


def _areas(shown: Sequence[ListedReport], contents: SiteContents) -> str:
    wanted = {report.row.report for report in shown}
    links = _links(
        (f"../{site_pages.address(f'{site_pages.AREA_FOLDER}/{name}.html')}", title)
        for name, title in contents.areas.items()
        if name in wanted
    )
    return f"<section><h2>Wybierz obszar</h2>{links}</section>" if wanted else ""


def _links(items: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<li><a href="{escape(to)}">{escape(name)}</a></li>' for to, name in items)
    return f'<ul class="smup-link-list">{listed}</ul>'


def _origin(contents: SiteContents) -> str:
    facts = [
        ("Najnowszy raport", format_date(contents.updated) if contents.updated else "brak"),
        ("Lata, których dotyczą raporty", contents.years or "brak"),
        ("Stan danych", ", ".join(contents.snapshots) or "nieznany"),
    ]
    return f"<section><h2>Z kiedy są te dane</h2>{render_facts(facts)}</section>"


def _first_page(apps: Sequence[Dashboard], contents: SiteContents) -> str:
    links = _links((_page_name(app), app.title) for app in apps)
    body = (
        "<header class='smup-head'><h1>Kopia bez serwera</h1></header>"
        "<p>Serwer aplikacji jest teraz zajęty albo wyłączony. Wybierz stronę, którą ma zastąpić "
        f"gotowy raport.</p>{links}"
        f'<p><a href="../{site_pages.INDEX}">Wszystkie raporty tej kopii</a></p>'
        f"{_origin(contents)}"
    )
    return _render("Kopia bez serwera", body, contents)


def _render(title: str, body: str, contents: SiteContents) -> str:
    shared = f"../{site_pages.SHARED}"
    return render_page(
        f"{title} – kopia bez serwera",
        body,
        fictional=contents.fictional,
        style_file=f"{shared}/{site_pages.STYLE}",
        script_files=(f"{shared}/{site_pages.TABLES}",),
    )
