"""Voilà as our apps need it: our template, no contents API, only this computer.

What does not change from start to start stands in ``templates/voila/voila.json``.
"""

from __future__ import annotations

import logging
import os
import threading
import webbrowser
from collections.abc import Callable, Sequence
from typing import Any

from jupyter_server.utils import url_path_join
from tornado.ioloop import IOLoop
from tornado.web import HTTPError, StaticFileHandler
from traitlets.config import Config
from voila.app import Voila
from voila.handler import BaseVoilaHandler
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.handler import TornadoVoilaHandler

from smup_lib.apps.dashboards import (
    Dashboard,
    lessons_dir,
    list_dashboards,
    list_lesson_pages,
)
from smup_lib.apps.page_parameters import write_parameters
from smup_lib.apps.style import app_style
from smup_lib.apps.warm_pages import start_early, use_warm_kernels
from smup_lib.paths import project_dir

NAME = "Warsztat SMUP"


class NotFound(BaseVoilaHandler):  # type: ignore[misc]  # untyped library
    """Answers an address that no page has with our page instead of tornado's."""

    async def prepare(self) -> None:
        """Refuse every method."""
        await super().prepare()
        raise HTTPError(404)


class AppPage(TornadoVoilaHandler):  # type: ignore[misc]  # untyped library
    """Voilà's page, which also lets its script end the kernel when the visitor leaves."""

    async def prepare(self) -> None:
        """Set the cookie without which the request to end the kernel is refused."""
        await super().prepare()
        self.xsrf_token  # noqa: B018  # reading it sets the cookie


class AppsServer(Voila):  # type: ignore[misc]  # untyped library
    """Voilà without the list of files, with a Polish list of apps in its place."""

    #: The pages of the list.
    pages: tuple[Dashboard, ...] = ()
    #: What a visitor is asked to do with the list.
    invitation = "Wybierz aplikację."
    #: Called with the address as soon as the server answers.
    on_ready: Callable[[str], None] | None = None
    #: Whether the address is opened in the user's browser.
    show_in_browser = False

    #: Whether kernels are forked.
    warm = False

    def init_settings(self) -> dict[str, Any]:
        """Give the pages without widgets (list, errors) what the template needs."""
        settings: dict[str, Any] = super().init_settings()
        settings["voila_jinja2_env"].globals["smup"] = {
            "name": NAME,
            "style": app_style(),
            "apps": self.pages,
            "invitation": self.invitation,
        }
        settings["default_handler_class"] = NotFound
        settings["default_handler_args"] = {"voila_configuration": self.voila_configuration}
        return settings

    def init_handlers(self) -> list[Any]:
        """Leave out the API that lists and reads files; add the script that reports use too."""
        rules = [
            (rule[0], AppPage, *rule[2:]) if rule[1] is TornadoVoilaHandler else rule
            for rule in super().init_handlers()
            if rule[1] is not VoilaContentsHandler
        ]
        script = url_path_join(self.server_url, r"/voila/shared/(tables\.js)")
        return [(script, StaticFileHandler, {"path": project_dir("templates") / "shared"}), *rules]

    def listen(self) -> None:
        """Listen, and tell the address once connections are taken."""
        if self.warm:
            threading.Thread(target=start_early, daemon=True).start()
        IOLoop.current().add_callback(self._announce)
        super().listen()

    def _announce(self) -> None:
        address = start_address(self.connection_url, self.pages)
        if self.on_ready is not None:
            self.on_ready(address)
        if self.show_in_browser:
            # a browser in a terminal would block the server
            IOLoop.current().run_in_executor(None, webbrowser.open, address)


def start_address(root: str, apps: Sequence[Dashboard]) -> str:
    """Return where a visitor begins: the app when there is one, otherwise the list.

    Examples
    --------
    >>> start_address("http://127.0.0.1:8866/", (Dashboard("area.ipynb", "Obszar", ""),))
    'http://127.0.0.1:8866/voila/render/area.ipynb'
    """
    return f"{root}{apps[0].path}" if len(apps) == 1 else root


def make_server(port: int, *, lessons: bool = False, warm: bool = True) -> AppsServer:
    """Return a server for ``dashboards/``, configured and not yet listening.

    Parameters
    ----------
    port : int
        Port on this computer; it must be free.
    lessons : bool, default False
        Whether to serve the lessons instead.
    warm : bool, default True
        Whether kernels are forked from a process that has imported the libraries.
    """
    templates = project_dir("templates")
    # Voilà finds a template by name in Jupyter's data folders; the kernels inherit this, unharmed
    known = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    if str(templates) not in known:
        os.environ["JUPYTER_PATH"] = os.pathsep.join([str(templates), *filter(None, known)])
    config = Config()
    config.VoilaConfiguration.resources = {"smup": {"name": NAME, "style": app_style()}}
    config.VoilaConfiguration.prelaunch_hook = write_parameters
    if warm:
        use_warm_kernels(config)
    if os.name == "posix":
        # a socket file that only this user may open, instead of a port that everybody here can try
        config.KernelManager.transport = "ipc"
    # it warns of each connection that Jupyter's own ping times do not suit it
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    server = AppsServer(config=config, config_file_paths=[str(templates / "voila")])
    server.warm = warm
    server.pages = tuple(list_lesson_pages() if lessons else list_dashboards())
    if lessons:
        server.invitation = "Wybierz lekcję."
    folder = lessons_dir() if lessons else project_dir("dashboards")
    server.initialize([str(folder), f"--port={port}"])
    return server
