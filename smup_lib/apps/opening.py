"""Open an app by name, with the link that the visitor followed."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from smup_lib.errors import ParameterError, did_you_mean

if TYPE_CHECKING:
    import ipywidgets

#: Each app: the module that holds it and its class, which takes a workspace and a query string.
APPS = {
    "basic": ("smup_lib.apps.basic.app", "BasicApp"),
    "advanced": ("smup_lib.apps.advanced.app", "AdvancedApp"),
    "comparison": ("smup_lib.apps.comparison.app", "ComparisonApp"),
    "finance": ("smup_lib.apps.finance.app", "FinanceApp"),
    "quality": ("smup_lib.apps.quality.app", "QualityApp"),
    "desk": ("smup_lib.apps.desk.app", "DeskApp"),
}


def open_app(name: str = "basic", query: str | None = None) -> ipywidgets.Widget:
    """Return an app as a widget; see :func:`smup_lib.open_app`."""
    if name not in APPS:
        hint = did_you_mean(name, APPS)
        raise ParameterError(
            f"Nie ma aplikacji „{name}”{'; ' + hint if hint else ''}.",
            expected=", ".join(APPS),
            next_step="podaj nazwę jednej z wymienionych",
        )
    app = _make_app(name, read_visitor_query() if query is None else query)
    if served():
        _show_preview(app)
        return app
    import ipywidgets

    from smup_lib.apps.parts.style import app_style

    return ipywidgets.VBox([ipywidgets.HTML(f"<style>{app_style()}</style>"), app])


def _make_app(name: str, query: str) -> ipywidgets.Widget:
    """Return the app, or a page that says why there is none."""
    import ipywidgets

    from smup_lib.apps.parts.panels import message_html

    try:
        from smup_lib.reports.loading import Workspace

        module, kind = APPS[name]
        return getattr(import_module(module), kind)(Workspace.open(), query)
    except Exception as error:  # no snapshot, a damaged catalogue: said on the page
        app = ipywidgets.VBox([ipywidgets.HTML(message_html(error, "Aplikacja", to_host=True))])
        app.add_class("smup-app")
        return app


def _show_preview(app: ipywidgets.Widget) -> None:
    """Give the page what is seen until the widgets stand; its template puts it in their place."""
    from IPython.display import HTML, display

    from smup_lib.apps.parts.preview import preview_html

    shown = HTML(preview_html(app))  # type: ignore[no-untyped-call]  # untyped library
    display(shown, metadata={"smup": "preview"})  # type: ignore[no-untyped-call]


def served() -> bool:
    """Tell whether a page of Voilà shows the app; it then brings the style."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila/")


def read_visitor_query() -> str:
    """Return the query string of the visitor's link, empty outside of Voilà."""
    if os.environ.get("VOILA_PREHEAT") == "True":
        # the kernel was started ahead of the visitor: wait for the request
        from voila.utils import wait_for_request

        wait_for_request()
    return os.environ.get("QUERY_STRING", "") if served() else ""
