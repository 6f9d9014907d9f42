"""Voilà as our apps need it: our template, our rules, our kernels, room for so many visitors.

What does not change from start to start stands in ``templates/voila/voila.json``.
"""

from __future__ import annotations

import os
import threading
import webbrowser
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tornado.ioloop import IOLoop
from traitlets.config import Config
from voila.app import Voila

from smup_lib.apps.parts.sharing import SHARED
from smup_lib.apps.parts.style import app_style
from smup_lib.apps.serving.admission import Admission
from smup_lib.apps.serving.dashboards import (
    Dashboard,
    lessons_dir,
    list_dashboards,
    list_lesson_pages,
)
from smup_lib.apps.serving.early_scripts import list_early_scripts
from smup_lib.apps.serving.fallback_handler import fallback_rules
from smup_lib.apps.serving.kernels import VisitorKernels
from smup_lib.apps.serving.limits import Visits
from smup_lib.apps.serving.logs import note_request, quiet_logs
from smup_lib.apps.serving.options import Serving
from smup_lib.apps.serving.page_parameters import write_parameters
from smup_lib.apps.serving.room import Room
from smup_lib.apps.serving.rules import NotFound, choose_rules
from smup_lib.apps.serving.warm_pages import keep_early, start_early, use_warm_kernels
from smup_lib.paths import project_dir
from smup_lib.present.words import SAMPLE_LAND
from smup_lib.reports.data_state import read_data_state

NAME = "Warsztat SMUP"


class AppsServer(Voila):  # type: ignore[misc]  # untyped library
    """Voilà without the list of files, with a Polish list of apps in its place."""

    #: How the pages are served.
    serving = Serving()
    #: The pages of the list.
    pages: tuple[Dashboard, ...] = ()
    #: What a visitor is asked to do with the list.
    invitation = "Wybierz aplikację."
    #: Called with the address as soon as the server answers.
    on_ready: Callable[[str], None] | None = None
    #: Whether the address is opened in the user's browser.
    show_in_browser = False

    def init_settings(self) -> dict[str, Any]:
        """Give the pages what they share, and those without widgets what their template needs."""
        settings: dict[str, Any] = super().init_settings()
        settings["voila_jinja2_env"].globals["smup"] = {
            "name": NAME,
            "style": app_style(),
            "apps": self.pages,
            "invitation": self.invitation,
            "list_name": _list_name(self.serving),
            "data_state": read_data_state,
            "fictional_land": SAMPLE_LAND,
        }
        self.room = self._make_room()
        settings["smup_room"] = self.room
        settings["default_handler_class"] = NotFound
        settings["default_handler_args"] = {"voila_configuration": self.voila_configuration}
        return settings

    def _make_room(self) -> Room:
        kernels = self.kernel_manager
        admission = Admission(self.serving.at_once)
        visits = Visits(self.serving.most_visitors, admission, lambda: kernels.living)
        return Room(frozenset(page.file for page in self.pages), visits, self.serving.fallback)

    def init_handlers(self) -> list[Any]:
        """Answer what our rules name, and nothing else."""
        ours = choose_rules(super().init_handlers(), self.server_url, self.voila_configuration)
        copy = fallback_rules(self.serving.fallback, self.server_url, self.voila_configuration)
        return [*copy, *self.identity_provider.get_handlers(), *ours]

    def listen(self) -> None:
        """Listen, and tell the address once connections are taken."""
        # its kernels and the process that they are forked from inherit it
        os.environ[SHARED] = "1" if self.serving.shared else "0"
        if self.serving.warm:
            threading.Thread(target=self._warm_up, daemon=True).start()
        IOLoop.current().add_callback(self._announce)
        self.app.listen = partial(self.app.listen, **self.serving.entrance.listening())
        super().listen()

    def _warm_up(self) -> None:
        start_early()
        self.room.warm = True
        keep_early()

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
    >>> start_address("http://127.0.0.1:8866/", (Dashboard("basic.ipynb", "Obszar", ""),))
    'http://127.0.0.1:8866/voila/render/basic.ipynb'
    """
    return f"{root}{apps[0].path}" if len(apps) == 1 else root


def make_server(serving: Serving) -> AppsServer:
    """Return a server for ``dashboards/``, configured and not yet listening.

    Parameters
    ----------
    serving : Serving
        Where, for how many, to whom; the port must be free.
    """
    templates = project_dir("templates")
    # Voilà finds a template by name in Jupyter's data folders; the kernels inherit this, unharmed
    known = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    if str(templates) not in known:
        os.environ["JUPYTER_PATH"] = os.pathsep.join([str(templates), *filter(None, known)])
    quiet_logs()
    server = AppsServer(config=_config(serving), config_file_paths=[str(templates / "voila")])
    server.serving = serving
    server.pages = tuple(list_lesson_pages() if serving.lessons else list_dashboards())
    if serving.lessons:
        server.invitation = "Wybierz lekcję."
    folder = lessons_dir() if serving.lessons else project_dir("dashboards")
    server.initialize([str(folder), f"--port={serving.port}", f"--Voila.ip={serving.host}"])
    names = serving.entrance.host_names(server.tornado_settings["local_hostnames"])
    # under which name others reach this computer is not known here
    hosts = {"local_hostnames": names, "allow_remote_access": serving.heard_elsewhere}
    # below our own prefix: beside us may stand a hub with a cookie of the same name
    xsrf = {"xsrf_cookie_kwargs": {"path": server.base_url}}
    server.tornado_settings |= {**hosts, **xsrf, "log_function": note_request}
    return server


def _list_name(serving: Serving) -> str:
    return "Lista lekcji" if serving.lessons else "Lista aplikacji"


def _config(serving: Serving) -> Config:
    config = Config()
    config.VoilaConfiguration.resources = {
        "smup": {
            "name": NAME,
            "style": app_style(),
            "list_name": _list_name(serving),
            "early_scripts": list_early_scripts(),
        }
    }
    config.VoilaConfiguration.prelaunch_hook = write_parameters
    config.VoilaConfiguration.multi_kernel_manager_class = VisitorKernels
    config.VisitorKernels.leave_seconds = serving.leave_seconds
    config.VisitorKernels.cull_idle_timeout = serving.idle_seconds
    config.VisitorKernels.cull_interval = serving.look_seconds
    serving.entrance.configure(config)
    if serving.warm:
        use_warm_kernels(config)
    # what a page is not told it would wait for; only our own code speaks here
    config.ZMQChannelsWebsocketConnection.limit_rate = False
    if os.name == "posix":
        # a socket file that only this user may open, instead of a port that everybody here can try
        config.KernelManager.transport = "ipc"
    return config
