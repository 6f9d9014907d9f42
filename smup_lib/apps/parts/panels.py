"""One part of an app's page: shows a display, and an error in it stays in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from smup_lib.apps.parts.piecework import page_arrived
from smup_lib.errors import (
    AmbiguousUnitError,
    GroupError,
    IndicatorError,
    NoDataError,
    SettingsError,
    SmupError,
    SnapshotError,
    UnitError,
)

#: How long a page may take to draw a widget that has given way meanwhile.
LINGER_SECONDS = 5.0
_LOG = logging.getLogger(__name__)
#: A task of which nobody else knows would be forgotten by the loop.
_CLOSING: set[asyncio.Task[None]] = set()

#: What a visitor can do; the next step of an error itself often is a command for a terminal.
_NEXT_STEPS: tuple[tuple[type[SmupError], str], ...] = (
    (AmbiguousUnitError, "wybierz jedną z listy pod polem „Jednostka”"),
    (UnitError, "wpisz nazwę albo kod w polu „Jednostka” i wybierz z listy"),
    (GroupError, "wybierz inną grupę porównawczą"),
    (NoDataError, "wybierz inny rok albo inny obszar"),
    (IndicatorError, "wybierz inny obszar"),
    (SnapshotError, "przekaż ten komunikat administratorowi aplikacji"),
    (SettingsError, "przekaż ten komunikat administratorowi aplikacji"),
)


def message_html(error: Exception, part: str, *, to_host: bool = False) -> str:
    """Return an error as a box: what happened and the next step, never a traceback.

    Parameters
    ----------
    error : Exception
        One of ours is told; of any other only the kind, and the whole goes to the log.
    part : str
        The part of the page, as a Polish subject ("Mapa").
    to_host : bool, default False
        Whether only who runs the server can help: then the next step of the error itself is told.

    Examples
    --------
    >>> "wybierz inny rok" in message_html(NoDataError("Nie ma danych za 1950 r."), "Mapa")
    True
    """
    if isinstance(error, SmupError):
        for_visitor = (text for kind, text in _NEXT_STEPS if isinstance(error, kind))
        step = next(for_visitor, "") if not to_host else ""
        step = step or error.next_step or "odśwież stronę"
        # the units that a name may mean stand as buttons below the field
        lines = [error.what, *(() if isinstance(error, AmbiguousUnitError) else error.problems)]
        if error.expected:
            lines.append(f"Oczekiwano: {error.expected.removesuffix('.')}.")
    else:
        _LOG.error("%s failed", part, exc_info=error)
        lines = [
            f"{part}: tej części nie udało się przygotować ({type(error).__name__}). "
            "Pozostałe części strony działają."
        ]
        step = "odśwież stronę; jeżeli to nie pomoże, przekaż administratorowi link do tego widoku"
    told = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div class="smup-error" role="alert">{told}<p>Co zrobić: {escape(step)}.</p></div>'


class Panel(widgets.VBox):  # type: ignore[misc]  # untyped library
    """A named part of a page.

    Parameters
    ----------
    name : str
        The part, as a Polish subject; used when it fails.
    css_class : str, optional
        Class of its element.
    closing : bool, default False
        Whether what is replaced is never shown again: its widgets are then closed, since the
        session would keep them as long as it lives.
    """

    children: tuple[Any, ...]

    def __init__(self, name: str, css_class: str = "", *, closing: bool = False) -> None:
        super().__init__()
        self._closing = closing
        self.name = name
        self.add_class("smup-panel")
        if css_class:
            self.add_class(css_class)

    def show(self, build: Callable[[], Any]) -> bool:
        """Show what a function returns, or say why it cannot be shown.

        Parameters
        ----------
        build : callable
            Returns a display (anything with ``_repr_html_``) or a widget.

        Returns
        -------
        bool
            Whether it worked.
        """
        try:
            self._put(build())
        except Exception as error:  # whatever one part does, the others stay
            self._replace((widgets.HTML(message_html(error, self.name)),))
            return False
        return True

    def _put(self, shown: Any) -> None:
        """Write markup over markup, so that the page below does not jump, else replace it."""
        before = self.children[0] if len(self.children) == 1 else None
        if isinstance(shown, widgets.Widget) or type(before) is not widgets.HTML:
            self._replace((as_widget(shown),))
        else:
            before.value = shown._repr_html_()  # type: ignore[union-attr]

    def _replace(self, children: tuple[Any, ...]) -> None:
        before, self.children = self.children, children
        if self._closing:
            for gone in before:
                if gone not in children:
                    _close_when_drawn(gone)

    def clear(self) -> None:
        """Show nothing."""
        self._replace(())


def as_widget(shown: Any) -> widgets.Widget:
    """Return a display as a widget; a widget is returned as it is."""
    return shown if isinstance(shown, widgets.Widget) else widgets.HTML(shown._repr_html_())


def _close_when_drawn(widget: widgets.Widget) -> None:
    """Close a widget once the page has surely drawn it; without a page, as in a test, at once.

    A widget that ends while the page draws it makes the page's scripts fail.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        close_all(widget)
    else:
        closing = loop.create_task(_close_later(widget))
        _CLOSING.add(closing)
        closing.add_done_callback(_CLOSING.discard)


async def _close_later(widget: widgets.Widget) -> None:
    # a page that lists the widgets there are would wait for ever for one that goes meanwhile
    await page_arrived()
    await asyncio.sleep(LINGER_SECONDS)
    close_all(widget)


def close_all(widget: widgets.Widget) -> None:
    """Close a widget with all that it holds: parts, layouts, styles, marks and scales.

    Examples
    --------
    >>> import ipywidgets
    >>> text = ipywidgets.HTML("Kultura")
    >>> close_all(ipywidgets.VBox([text]))
    >>> text.comm is None
    True
    """
    found: dict[int, widgets.Widget] = {}
    waiting: list[Any] = [widget]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list | tuple):
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, widgets.Widget) and id(one) not in found:
            found[id(one)] = one
            waiting += vars(one).values()
    for one in found.values():
        one.close()
