"""How far is a long piece of work? A bar on the error channel, so that answers stay readable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def show_bar(*, threads: bool = True) -> Iterator[Callable[[int, int, str], None]]:
    """Show a bar with the time gone and the time left until the block ends.

    On a screen it is gone afterwards; what is read from a pipe or a file keeps its last state.

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
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("pozostało"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(
        *columns,
        console=console,
        transient=console.is_terminal,
        auto_refresh=threads,
        redirect_stdout=threads,
        redirect_stderr=threads,
    ) as bar:
        task = bar.add_task("", total=None)

        def on_progress(done: int, total: int, label: str) -> None:
            bar.update(task, completed=done, total=total, description=label, refresh=not threads)

        yield on_progress
