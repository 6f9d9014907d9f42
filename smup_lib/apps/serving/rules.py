"""Which addresses does the server answer? Those listed here, and nothing that Voilà adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, StaticFileHandler, authenticated
from voila.handler import BaseVoilaHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from smup_lib.apps.serving.page import AppPage
from smup_lib.apps.serving.room import StatePage
from smup_lib.apps.serving.sockets import WidgetSocket
from smup_lib.apps.serving.statement import ADDRESS, StatementPage
from smup_lib.paths import project_dir


class NotFound(BaseVoilaHandler):  # type: ignore[misc]  # untyped library
    """Answers an address that no page has with our page instead of tornado's."""

    async def prepare(self) -> None:
        """Refuse every method."""
        await super().prepare()
        raise HTTPError(404)


class AppList(BaseVoilaHandler):  # type: ignore[misc]  # untyped library
    """The list of apps."""

    @authenticated
    def get(self) -> None:
        """Show it."""
        self.set_header("Cache-Control", "no-cache")
        self.finish(self.render_template("tree.html"))


class KernelState(KernelHandler):
    """Tells a page whether its kernel is there; it can neither be named nor ended here."""

    SUPPORTED_METHODS = ("GET",)


class TemplateFile(TemplateStaticFileHandler):  # type: ignore[misc]  # untyped library
    """A script of our template."""

    def parse_url_path(self, path: str) -> str:
        """Refuse what is not below ``NAME/static``, where Voilà fails instead."""
        parts = path.split("/", 2)
        if len(parts) != 3 or parts[1] != "static" or ".." in parts[2]:
            raise HTTPError(404)
        found: str = super().parse_url_path(path)
        return found


class ExtensionFile(FileFindHandler):
    """A script of a library; one that is asked for by what it holds is kept by the browser."""

    def set_headers(self) -> None:
        """Forbid a browser to keep only what may change under its address."""
        self.no_cache_paths = []
        super().set_headers()


#: What stands in for each handler of Voilà; the others are left out.
_OURS: dict[type, type] = {
    FileFindHandler: ExtensionFile,
    KernelHandler: KernelState,
    MultiStaticFileHandler: MultiStaticFileHandler,
    TemplateStaticFileHandler: TemplateFile,
    TornadoVoilaHandler: AppPage,
    VoilaKernelWebsocketHandler: WidgetSocket,
    VoilaShutdownKernelHandler: VoilaShutdownKernelHandler,
}


def choose_rules(voilas: Sequence[Any], server_url: str, voila_configuration: Any) -> list[Any]:
    """Return the rules of the server.

    Parameters
    ----------
    voilas : sequence of tuple
        Voilà's own: pattern, handler and what it is given.
    server_url : str
        What every address begins with, with a slash at its end.
    voila_configuration : VoilaConfiguration
        What our pages are rendered with.
    """
    kept = {"voila_configuration": voila_configuration}
    shared = {"path": project_dir("templates") / "shared"}
    return [
        (server_url, AppList, kept),
        (url_path_join(server_url, r"/voila/state"), StatePage, kept),
        (url_path_join(server_url, ADDRESS), StatementPage, kept),
        (
            url_path_join(server_url, r"/voila/shared/(tables\.js)"),
            StaticFileHandler,
            shared,
        ),
        *((rule[0], _OURS[rule[1]], *rule[2:]) for rule in voilas if rule[1] in _OURS),
    ]
