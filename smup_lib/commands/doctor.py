"""``smup doctor``: is everything whole here, and do the official services answer as we expect?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote

import typer

from smup_lib.commands.output import JsonOption, show_json

if TYPE_CHECKING:
    from smup_lib.doctor import Diagnosis, Section
    from smup_lib.sources.live.probe import Probe
    from smup_lib.sources.live.probing import Probed

FullOption = Annotated[
    bool,
    typer.Option(
        "--full", help="Sprawdź też całą treść stanów danych i odpowiedzi (dla kraju: minuty)."
    ),
]
LiveOption = Annotated[
    bool,
    typer.Option(
        "--live",
        help="Zadaj serwisom urzędowym kilka małych pytań i porównaj odpowiedzi z oczekiwaniami.",
    ),
]
SaveOption = Annotated[
    Path | None,
    typer.Option("--save", help="Folder na odpowiedzi z --live; domyślnie SMUP_HOME/live/DZIEŃ."),
]
ServiceOption = Annotated[
    list[str] | None,
    typer.Option(help="Z --live: tylko ten serwis, na przykład smup (powtarzalne)."),
]
ReplayOption = Annotated[
    Path | None,
    typer.Option(help="Oceń jeszcze raz odpowiedzi zapisane przez --live, bez sieci."),
]


def doctor(
    full: FullOption = False,
    live: LiveOption = False,
    save_to: SaveOption = None,
    service: ServiceOption = None,
    replay: ReplayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pokaż, gdzie co jest, czy jest całe i co zrobić, jeśli nie jest; niczego nie zmienia.

    Z opcją --live pyta serwisy urzędowe i zapisuje ich odpowiedzi.
    """
    _check_together(live, save_to, service, replay)
    if replay is not None:
        _show_replay(replay, as_json)
    elif live:
        _show_live(save_to, service or [], as_json)
    else:
        _show_examination(full, as_json)


def _check_together(
    live: bool, save_to: Path | None, service: list[str] | None, replay: Path | None
) -> None:
    from smup_lib.errors import ParameterError

    wrong = [
        name
        for name, told in (("--save", save_to), ("--service", service))
        if told is not None and not live
    ]
    wrong += ["--replay"] if live and replay is not None else []
    if wrong:
        raise ParameterError(
            f"Opcja {wrong[0]} tu nie pasuje.",
            expected="--save i --service tylko razem z --live; --replay bez --live",
            next_step="opis pokaże: smup doctor --help",
        )


def _show_examination(full: bool, as_json: bool) -> None:
    from smup_lib.doctor import examine
    from smup_lib.doctor.examination import is_whole
    from smup_lib.paths import smup_home
    from smup_lib.snapshots import library_version

    sections = examine(whole_content=full)
    whole = is_whole(sections)
    if as_json:
        show_json(
            {
                "version": library_version(),
                "home": str(smup_home()),
                "whole": whole,
                "sections": [section.as_dict() for section in sections],
            }
        )
    else:
        _show_sections(sections)
    if not whole:
        raise typer.Exit(1)


def _show_sections(sections: Sequence[Section]) -> None:
    for section in sections:
        typer.echo(section.title)
        for found in section.diagnoses:
            _show_diagnosis(found)
        typer.echo()
    statuses = [found.status for section in sections for found in section.diagnoses]
    if errors := statuses.count("error"):
        typer.echo(f"Błędy: {errors}, uwagi: {statuses.count('warning')}.")
    elif warnings := statuses.count("warning"):
        typer.echo(f"Żadnych błędów, uwagi: {warnings}.")
    else:
        typer.echo("Wszystko w porządku.")


def _show_diagnosis(found: Diagnosis) -> None:
    from smup_lib.doctor.diagnosis import STATUS_WORDS

    typer.echo(f"  {STATUS_WORDS[found.status]:5}  {found.text}")
    for problem in found.problems:
        typer.echo(f"         - {problem}")
    if found.next_step:
        typer.echo(f"         co zrobić: {found.next_step}")


def _show_live(save_to: Path | None, services: Sequence[str], as_json: bool) -> None:
    import time

    from smup_lib.paths import check_dir
    from smup_lib.snapshots import library_version
    from smup_lib.sources.live.fixtures import check_empty, live_dir, save_fixtures
    from smup_lib.sources.live.probing import probe_services
    from smup_lib.sources.web.services import check_libraries

    check_libraries()
    probes = _chosen(services)
    folder = save_to or live_dir(time.time())
    check_empty(folder)
    check_dir(folder, "opcją --save")  # before anything is asked: answers must not be lost
    _show_plan(probes, folder, as_json)
    results = probe_services(probes, on_probed=None if as_json else _show_probed)
    save_fixtures(results, folder, library_version())
    _end(results, as_json, folder)


def _chosen(services: Sequence[str]) -> list[Probe]:
    from smup_lib.errors import ParameterError, did_you_mean
    from smup_lib.sources.live.probes import PROBES

    known = list(dict.fromkeys(probe.service.name for probe in PROBES))
    wanted = [name.strip().lower() for name in services] or known
    if wrong := [name for name in wanted if name not in known]:
        raise ParameterError(
            f"Nie ma serwisu „{wrong[0]}”. {did_you_mean(wrong[0], known)}".strip(),
            where="--service",
            expected=", ".join(known),
            next_step="popraw nazwę serwisu",
        )
    return [probe for probe in PROBES if probe.service.name in wanted]


def _show_plan(probes: Sequence[Probe], folder: Path, as_json: bool) -> None:
    """Tell what will be asked before it is; beside the answer when a program waits for it."""
    from smup_lib.errors import SmupError
    from smup_lib.plurals import counted
    from smup_lib.sources.web.services import shown_address

    calls = counted(len(probes), ("zapytanie", "zapytania", "zapytań"))
    lines = [f"Najwyżej {calls}, każde o kilka wierszy; zapisane zostaną w {folder}:"]
    for service in dict.fromkeys(probe.service for probe in probes):
        number = sum(probe.service == service for probe in probes)
        try:
            key = ", z kluczem" if service.key() else ""
            address = shown_address(service.base())
        except SmupError as error:
            key, address = "", error.what
        lines.append(f"  {service.label}: {number}{key}, {address}")
    typer.echo("\n".join(lines) + "\n", err=as_json)


def _show_probed(result: Probed) -> None:
    if result.outcome == "skipped":  # told together at the end
        return
    typer.echo(f"{result.probe.id}: {result.said}")
    asked = f" ({unquote(str(result.request))})" if result.request is not None else ""
    typer.echo(f"    {result.probe.label}{asked}")
    for remark in result.remarks:
        typer.echo(f"    uwaga: {remark}")
    if result.next_step:
        typer.echo(f"    co zrobić: {result.next_step}")


def _show_replay(folder: Path, as_json: bool) -> None:
    from smup_lib.sources.live.fixtures import read_fixtures

    results = list(read_fixtures(folder))
    if not as_json:
        for result in results:
            _show_probed(result)
    _end(results, as_json, None)


def _end(results: Sequence[Probed], as_json: bool, folder: Path | None) -> None:
    """Tell the whole, and end with 1 when anything is not as expected."""
    from collections import Counter

    from smup_lib.sources.live.probing import OUTCOME_WORDS

    counts = Counter(result.outcome for result in results)
    if as_json:
        show_json(
            {
                "folder": str(folder) if folder is not None else None,
                "outcomes": dict(counts),
                "results": [result.as_dict() for result in results],
            }
        )
    else:
        told = ", ".join(f"{OUTCOME_WORDS[outcome]}: {n}" for outcome, n in counts.most_common())
        if skipped := [one.probe.id for one in results if one.outcome == "skipped"]:
            typer.echo(f"\nNie zapytano, bo przeszkodziło to, co wyżej: {', '.join(skipped)}.")
        typer.echo(f"\nRazem {len(results)}: {told or 'nic'}.")
        if folder is not None:
            typer.echo(f"Odpowiedzi zapisano w {folder}; co z nimi zrobić, mówi tam README.md.")
    if set(counts) != {"as_expected"}:
        raise typer.Exit(1)
