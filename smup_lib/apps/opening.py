"""Open an app by name, with the link that the visitor followed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from smup_lib.errors import ParameterError, did_you_mean

if TYPE_CHECKING:
    import ipywidgets

APPS = ("area",)


def open_app(name: str = "area", query: str | None = None) -> ipywidgets.Widget:
    """Return an app as a widget; see :func:`smup_lib.open_app`."""
    if name not in APPS:
        hint = did_you_mean(name, APPS)
        raise ParameterError(
            f"Nie ma aplikacji „{name}”{'; ' + hint if hint else ''}.",
            expected=", ".join(APPS),
            next_step="podaj nazwę jednej z wymienionych",
        )
    app = _make_app(read_visitor_query() if query is None else query)
    if served():
        return app
    import ipywidgets

    from smup_lib.apps.style import app_style

    return ipywidgets.VBox([ipywidgets.HTML(f"<style>{app_style()}</style>"), app])


def _make_app(query: str) -> ipywidgets.Widget:
    """Return the area app, or a page that says why there is none."""
    import ipywidgets

    from smup_lib.apps.panels import message_html

    try:
        from smup_lib.apps.area import AreaApp
        from smup_lib.reports.loading import Workspace

        return AreaApp(Workspace.open(), query)
    except Exception as error:  # no snapshot, a damaged catalogue: said on the page
        app = ipywidgets.VBox([ipywidgets.HTML(message_html(error, "Aplikacja", to_host=True))])
        app.add_class("smup-app")
        return app


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
