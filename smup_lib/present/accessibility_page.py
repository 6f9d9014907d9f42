"""How does the accessibility statement of the pages read? Only what is known, and what is not.

The parts and the ids of their elements are those that the Polish law of 4 April 2019 asks of such a
statement; the words are ours. What only an office can say comes from the office, and where it has
said nothing the page says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.present.formats import count_of, format_date
from smup_lib.present.tables import Column, render_table

if TYPE_CHECKING:
    from smup_lib.present.accessibility_facts import Measured, MeasuredPage, Office

#: Known without any measuring: how the pages are made.
_BARRIERS = (
    "Wykresy, na które można wskazywać, nie są dostępne z klawiatury. Każdy ma obok opis i tabelę "
    "z tymi samymi liczbami.",
    "Kształtów na mapie nie da się przejść klawiszem Tab jeden po drugim. Jednostkę można znaleźć "
    "po nazwie w polu nad mapą; strona powie jej wartość i przedział.",
    "Szerokie tabele trzeba na telefonie przesuwać w bok.",
    "Strony działają tylko z włączoną obsługą JavaScript. Raporty, także w HTML, jej nie "
    "potrzebują.",
)
_NOT_TESTED = (
    "Nie badano stron z czytnikiem ekranu ani z udziałem osób z niepełnosprawnościami.",
    "Nie badano plików, które strony pozwalają zapisać (XLSX, DOCX, PDF).",
)
_LAW = (
    "ustawy z dnia 4 kwietnia 2019 r. o dostępności cyfrowej stron internetowych i aplikacji "
    "mobilnych podmiotów publicznych"
)
_GRAVE = ("critical", "serious")
_VIEWS = ("widok", "widoki", "widoków")
_ABSENT = "urząd nie podał"


def render_statement(
    office: Office, measured: Measured | None, addresses: Collection[str], *, problem: str = ""
) -> str:
    """Return the statement as markup of the main part of a page.

    Parameters
    ----------
    office : Office
        What the office said.
    measured : Measured, optional
        What a program found.
    addresses : collection of str
        Of the pages that are served, to name those that were not measured.
    problem : str, optional
        Why nothing could be read of the office.

    Examples
    --------
    >>> from smup_lib.present.accessibility_facts import Office
    >>> page = render_statement(Office(name="Starostwo w Olszynie"), None, ())
    >>> 'id="a11y-podmiot">Starostwo w Olszynie<' in page
    True
    """
    return "".join(
        (
            "<h1>Deklaracja dostępności</h1>",
            _beginning(office, problem),
            _status(office),
            _measured(measured, addresses),
            f"<h2>Co utrudnia korzystanie</h2>{_listed(_BARRIERS)}",
            _preparation(office),
            _KEYS,
            _contact(office),
            _PROCEDURE,
            _elsewhere(office),
        )
    )


def _day(day: dt.date | None, name: str) -> str:
    told = format_date(day) if day else _ABSENT
    stamp = f' datetime="{day.isoformat()}"' if day else ""
    return f'<time id="a11y-data-{name}"{stamp}>{told}</time>'


def _listed(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _beginning(office: Office, problem: str) -> str:
    if problem:
        told = f"Nie udało się odczytać danych urzędu: {problem}"
    elif not office.name:
        told = (
            "Urząd, który udostępnia te strony, nie podał jeszcze swoich danych. Do tego czasu "
            "jest to tylko szkic deklaracji z wynikami badania. Dane wpisuje osoba, która prowadzi "
            "te strony: plik office.yaml w folderze danych."
        )
    else:
        told = ""
    note = f'<div class="smup-caution"><p>{escape(told)}</p></div>' if told else ""
    name = escape(office.name) if office.name else _ABSENT
    pledge = (
        f'<span id="a11y-podmiot">{name}</span> zobowiązuje się zapewnić dostępność tych stron '
        f"zgodnie z przepisami {_LAW}. Deklaracja dotyczy stron "
        '<span id="a11y-url">Warsztat SMUP</span>.'
        if office.name
        else f'Podmiot: <span id="a11y-podmiot">{name}</span>. Strony: '
        '<span id="a11y-url">Warsztat SMUP</span>.'
    )
    return (
        f'{note}<p id="a11y-wstep">{pledge}</p><ul>'
        f"<li>Data publikacji stron: {_day(office.published, 'publikacja')}</li>"
        f"<li>Data ostatniej istotnej zmiany: {_day(office.updated, 'aktualizacja')}</li></ul>"
    )


def _status(office: Office) -> str:
    if office.status:
        told = (
            f"Według oceny urzędu strona jest <strong>{office.status}</strong> z przepisami {_LAW}."
        )
    else:
        told = (
            f"Zgodności z przepisami {_LAW} nie oceniono: urząd nie podał wyniku przeglądu. "
            "Wyniki badania automatycznego poniżej nie są taką oceną."
        )
    listed = (
        f'<div id="a11y-tresci-niedostepne"><h3>Treści niedostępne</h3>'
        f"{_listed(office.unavailable)}</div>"
        if office.unavailable
        else ""
    )
    return f'<h2>Stan zgodności</h2><p id="a11y-status">{told}</p>{listed}'


def _measured(measured: Measured | None, addresses: Collection[str]) -> str:
    head = "<h2>Co sprawdził program</h2>"
    if measured is None or not measured.pages:
        return f"{head}<p>Tej wersji stron nie zbadano jeszcze żadnym programem.</p>"
    states = sum(page.states for page in measured.pages)
    absent = sorted(set(addresses) - {page.address for page in measured.pages})
    unmeasured = f"<p>Nie zbadano stron: {escape(', '.join(absent))}.</p>" if absent else ""
    return (
        f"{head}<p>{format_date(measured.day).capitalize()} program {escape(measured.program)} w "
        f"przeglądarce {escape(measured.browser)} zbadał {count_of(states, _VIEWS)} "
        f"({escape(', '.join(measured.states))}; {escape(measured.land)}).</p>"
        f"{_table(measured.pages)}{unmeasured}"
        "<p>To badanie automatyczne, nie audyt: program wykrywa tylko część barier. Zero błędów "
        f"nie znaczy, że strona jest w pełni dostępna.</p>{_listed(_NOT_TESTED)}"
    )


def _table(pages: Sequence[MeasuredPage]) -> str:
    import pandas as pd

    grave = [sum(page.faults.get(name, 0) for name in _GRAVE) for page in pages]
    frame = pd.DataFrame(
        {
            "title": [page.title for page in pages],
            "states": [page.states for page in pages],
            "passed": [page.passed for page in pages],
            "grave": grave,
            "others": [sum(page.faults.values()) - n for page, n in zip(pages, grave, strict=True)],
        }
    )
    columns = [
        Column("title", "Strona"),
        Column("states", "Widoki", "number"),
        Column("passed", "Zasady zachowane", "number"),
        Column("grave", "Błędy poważne i krytyczne", "number"),
        Column("others", "Inne błędy", "number"),
    ]
    return render_table(frame, columns, "Złamane zasady, jakie znalazł program", stacked=True)


def _preparation(office: Office) -> str:
    by = escape(office.reviewer) if office.reviewer else "urząd, który udostępnia strony"
    basis = (
        f"oceny, którą wykonał podmiot: {by}"
        if office.status
        else "badania automatycznego opisanego wyżej; przeglądu urząd jeszcze nie podał"
    )
    return (
        "<h2>Jak powstała deklaracja</h2><ul>"
        f"<li>Data sporządzenia: {_day(office.prepared, 'sporzadzenie')}</li>"
        f"<li>Data ostatniego przeglądu: {_day(office.reviewed, 'przeglad')}</li></ul>"
        f'<p id="a11y-audytor">Sporządzono na podstawie {basis}.</p>'
    )


_KEYS = (
    "<h2>Skróty klawiaturowe</h2><p>Działają zwykłe skróty przeglądarki. W polu „Jednostka” Enter "
    "wybiera jedyną pasującą jednostkę, a strzałka w dół przechodzi do listy. Na mapie strzałki "
    "przesuwają, + i − zmieniają powiększenie, 0 pokazuje całość, Enter wybiera wskazaną "
    "jednostkę. Odnośnik „Przejdź do treści” stoi na początku każdej strony.</p>"
)


def _contact(office: Office) -> str:
    mail, phone = escape(office.email), escape(office.phone)
    call = "".join(sign for sign in office.phone if sign.isdigit() or sign == "+")
    told = (
        ("Kontakt", f'<span id="a11y-osoba">{escape(office.person) or _ABSENT}</span>'),
        (
            "Poczta elektroniczna",
            f'<a id="a11y-email" href="mailto:{mail}">{mail}</a>'
            if mail
            else f'<span id="a11y-email">{_ABSENT}</span>',
        ),
        (
            "Telefon",
            f'<a id="a11y-telefon" href="tel:{call}">{phone}</a>'
            if phone
            else f'<span id="a11y-telefon">{_ABSENT}</span>',
        ),
        ("Adres", escape(office.address) or _ABSENT),
    )
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in told)
    return (
        '<h2 id="a11y-kontakt">Uwagi i kontakt</h2><p>Gdy coś na stronach utrudnia korzystanie z '
        f'nich, można to zgłosić:</p><dl class="smup-facts">{rows}</dl>'
    )


_PROCEDURE = (
    '<h2>Żądanie zapewnienia dostępności i skarga</h2><div id="a11y-procedura"><p>Każdy może '
    "zażądać, aby strona albo jej część stała się dostępna, albo aby podano mu jej treść w inny "
    "sposób. W żądaniu trzeba podać swoje dane kontaktowe, wskazać stronę, o którą chodzi, i "
    "sposób kontaktu; można wskazać, w jakiej postaci treść będzie wygodna.</p><p>Urząd spełnia "
    "żądanie niezwłocznie, nie później niż w 7 dni. Gdy to niemożliwe, mówi, kiedy to zrobi, nie "
    "później niż w 2 miesiące od żądania, albo proponuje inny sposób dostępu do treści.</p><p>Gdy "
    "urząd odmówi, także innego sposobu dostępu, albo nie dotrzyma terminu, można złożyć do niego "
    "skargę. Potem można się zwrócić do Rzecznika Praw Obywatelskich.</p></div>"
)


def _elsewhere(office: Office) -> str:
    return (
        '<h2>Dostępność budynku</h2><p id="a11y-architektura">'
        f"{escape(office.building) or f'Opisu dostępności budynku {_ABSENT}.'}</p>"
        '<h2>Aplikacje mobilne</h2><p id="a11y-aplikacje">Te strony nie mają aplikacji mobilnej; '
        "na telefonie otwiera się je w przeglądarce.</p>"
    )
