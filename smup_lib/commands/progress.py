"""How far is a long piece of work? A bar on the error channel, so that answers stay readable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

Tell = Callable[[int, int, str], None]
#: A file and a pipe get so many lines of a piece of work.
_LINES = 10
_BAR = 14


@contextmanager
def show_bar(*, threads: bool = True) -> Iterator[Tell]:
    """Show a bar with the time left until the block ends; on a screen it is gone afterwards.

    A pipe and a file get a plain line for each tenth of the work instead.

    Parameters
    ----------
    threads : bool
        Whether a thread of its own moves it between the steps; a process that forks has none.

    Yields
    ------
    callable
        To be told steps done, all steps, and a sentence.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _tell_lines()
        return
    with _moving_bar(console, threads=threads) as tell:
        yield tell


def _tell_lines() -> Tell:
    """Return a teller that writes a line whenever another tenth is done."""
    told = -1

    def on_progress(done: int, total: int, label: str) -> None:
        nonlocal told
        part = done * _LINES // total if total else _LINES
        if part > told:
            told = part
            typer.echo(f"{100 * done // total if total else 100}%: {label}", err=True)

    return on_progress


@contextmanager
def _moving_bar(console: Console, *, threads: bool) -> Iterator[Tell]:
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column

    # the words give way on a narrow screen, and not the time
    words = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    columns = (
        TextColumn("{task.description}", table_column=words),
        BarColumn(bar_width=_BAR),
        TaskProgressColumn(),
        TextColumn("zostało", table_column=Column(no_wrap=True)),
        TimeRemainingColumn(table_column=Column(no_wrap=True)),
    )
    with Progress(
        *columns,
        console=console,
        transient=True,
        expand=True,
        auto_refresh=threads,
        redirect_stdout=threads,
        redirect_stderr=threads,
    ) as bar:
        task = bar.add_task("", total=None)

        def on_progress(done: int, total: int, label: str) -> None:
            bar.update(task, completed=done, total=total, description=label, refresh=not threads)

        yield on_progress
