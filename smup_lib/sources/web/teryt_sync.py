"""Fetch the TERC register from eTERYT: the page, its ZIP file, and the import of every such file.

The archive is kept as it came and goes through the import of files. When the page has changed, the
message says how to do by hand what the program could not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from smup_lib.errors import SmupError, UnreadableFileError
from smup_lib.paths import told_when_unwritable
from smup_lib.sources.completeness import find_gaps, partial_register, vintages_of
from smup_lib.sources.input_files import InputFile, is_zip, list_members
from smup_lib.sources.recognise import FileKind, recognise
from smup_lib.sources.terc import RegisterFile, read_terc
from smup_lib.sources.web.answers import Answer, AnswerStore
from smup_lib.sources.web.asking import Desk, OnePage, Progress, Question, ask_due
from smup_lib.sources.web.clock import Clock
from smup_lib.sources.web.fetched import (
    FetchFigures,
    FetchReport,
    fetched_folder,
    figure_files,
    said_refused,
    store_files,
)
from smup_lib.sources.web.polite import FIRST_ATTEMPTS
from smup_lib.sources.web.services import (
    TERYT,
    check_libraries,
    service_lock,
    shown_address,
)
from smup_lib.sources.web.smup_reading import newest_day
from smup_lib.sources.web.smup_sync import SyncOptions, said_stop
from smup_lib.sources.web.teryt_page import CALLS, PAGE, REGISTER, RegisterClient

USUALLY = SyncOptions()
#: Units change on the first day of a year; corrections come in between.
FRESH_DAYS = 30.0
LABEL = "rejestr TERC"


def sync_teryt(
    options: SyncOptions = USUALLY,
    *,
    clock: Clock | None = None,
    on_plan: Callable[[FetchFigures], None] | None = None,
    on_progress: Progress | None = None,
    on_wait: Callable[[float, str], None] | None = None,
) -> FetchReport:
    """Bring the register of units into a new snapshot.

    Parameters
    ----------
    options : SyncOptions
        ``plan_only`` and ``refresh`` count here.
    clock : Clock, optional
    on_plan, on_progress, on_wait : callable, optional
        Told the plan before anything is asked, each question, and each longer wait.

    Raises
    ------
    SmupError
        When the page does not give the register, or it cannot be stored. The old state stays.
    """
    check_libraries()
    with service_lock(TERYT):
        store, quota = AnswerStore(TERYT.answers_path()), TERYT.quota(None, clock)
        with RegisterClient(
            TERYT.label, TERYT.base(), quota, on_wait=on_wait, attempts=FIRST_ATTEMPTS
        ) as client:
            desk = Desk(client, store, refresh=options.refresh)
            if on_plan is not None:
                on_plan(figure_files(desk, [QUESTION], lambda one: CALLS))
            if options.plan_only:
                return FetchReport(TERYT.label, client.calls)
            asked = ask_due(desk, [QUESTION], on_progress)
            for error in asked.failures.values():
                raise _by_hand(error)
            stopped = said_stop(asked.stopped)
            if not desk.has(QUESTION):
                return FetchReport(TERYT.label, client.calls, stopped=stopped)
            return _take(desk, desk.answers(QUESTION), stopped)


class _WholeRegister(OnePage):
    """The answer is an archive with one whole register in it, and nothing else that is data."""

    def fault(self, answers: Sequence[Answer]) -> str:
        """Return in Polish what is wrong with the archive."""
        try:
            open_register(answers[0].body)
        except UnreadableFileError as error:
            found = "; ".join(error.problems)
            return f"{error.what.rstrip('.')}{f': {found}' if found else ''}"
        return ""


QUESTION = Question(REGISTER, LABEL, FRESH_DAYS, _WholeRegister())


def open_register(body: bytes) -> RegisterFile:
    """Return the register in an archive.

    Parameters
    ----------
    body : bytes
        What the page gave.

    Raises
    ------
    UnreadableFileError
        When it is no ZIP archive, is damaged or a bomb, does not have exactly one TERC file, has
        other data, or the register lacks units.
    """
    with fetched_folder(TERYT) as folder:
        file = InputFile(folder / "TERC_Urzedowy.zip")
        with told_when_unwritable(folder):
            file.path.write_bytes(body)
        if not is_zip(body):
            raise _no_register("To nie jest archiwum ZIP.", file.name)
        members = list_members(file)
        kinds = {member: recognise(member) for member in members}
        registers = [one for one, found in kinds.items() if found.kind is FileKind.TERC]
        if len(registers) != 1 or any(
            found.supported for one, found in kinds.items() if one not in registers
        ):
            names = [member.member or "" for member in members]
            raise _no_register("Archiwum ma inne pliki niż jeden rejestr TERC.", file.name, names)
        (member,) = registers
        register = read_terc(member.read(), kinds[member].separator, member.name)
        (vintage,) = vintages_of(register.units).values()
        if gaps := find_gaps(register.state_date, vintage, []):
            raise partial_register(member.name, gaps)
        return register


def _no_register(what: str, where: str, members: Sequence[str] = ()) -> UnreadableFileError:
    return UnreadableFileError(
        what,
        where=where,
        problems=members,
        expected="archiwum ZIP z jednym plikiem TERC",
        next_step="pobierz plik jeszcze raz",
    )


def _take(desk: Desk, held: Sequence[Answer], stopped: str) -> FetchReport:
    """Import the archive that is held."""
    body, day = held[0].body, newest_day(held)
    codes = open_register(body).units["unit_code"]
    written = store_files(TERYT, {f"TERC_Urzedowy_{day}.zip": [body]}, codes)
    refused = said_refused(written) if written.snapshot_id is None else {}
    if refused:
        desk.store.distrust([REGISTER])  # the next run asks again
    return FetchReport(
        TERYT.label, desk.client.calls, refused=refused, stopped=stopped, written=written
    )


def _by_hand(error: SmupError) -> SmupError:
    """Return the error with the way to the same file that needs no program."""
    told = f"{error.next_step}; " if error.next_step else ""
    return type(error)(
        error.what,
        where=f"{shown_address(TERYT.base())}/{PAGE}",
        expected="archiwum ZIP z całym rejestrem TERC",
        next_step=f"{told}albo pobierz plik ręcznie: otwórz tę stronę w przeglądarce, wybierz TERC"
        " w wersji urzędowej i wczytaj plik: smup data import PLIK",
        problems=error.problems,
    )
