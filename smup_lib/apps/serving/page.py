"""What does a visitor get under the address of an app? The page, or why not and what next."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any
from urllib.parse import unquote

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, authenticated
from voila.tornado.handler import TornadoVoilaHandler
from voila.utils import get_page_config

from smup_lib.apps.serving.fallback import ADDRESS, fallback_path
from smup_lib.apps.serving.limits import Visit
from smup_lib.apps.serving.preparing import PageRenderer, request_environment
from smup_lib.apps.serving.room import Room

#: Characters of a query; an app reads less of it and says so (parts/link.py).
LONGEST_QUERY = 8000
#: Seconds after which a visitor for whom there was no room may find some.
RETRY_SECONDS = 60
#: Names that apps once had, for old links.
MOVED = {"area.ipynb": "basic.ipynb"}
#: What opens a page for somebody to read; an image or a frame of another page does not.
_READERS = ("document", "empty", "")


class AppPage(TornadoVoilaHandler):  # type: ignore[misc]  # untyped library
    """A page of an app: its shape at once, the rest when it is its turn."""

    async def prepare(self) -> None:
        """Set the cookie without which the request to end the kernel is refused."""
        await super().prepare()
        self.xsrf_token  # noqa: B018  # reading it sets the cookie

    @property
    def room(self) -> Room:
        """Return what the pages of this server share."""
        room: Room = self.settings["smup_room"]
        return room

    @authenticated
    async def get(self, path: str = "") -> None:
        """Show the page of a notebook."""
        name = unquote(path)
        if name in MOVED:
            query = f"?{self.request.query}" if self.request.query else ""
            self.redirect(f"{MOVED[name]}{query}")
            return
        self._check(name)
        visit = self.room.visits.enter()
        if visit is None:
            self._refuse(name)
            return
        try:
            await self._send(name, visit)
        finally:
            visit.end()

    def _check(self, name: str) -> None:
        if name not in self.room.names:
            raise HTTPError(404)
        if len(self.request.query) > LONGEST_QUERY:
            raise HTTPError(414)
        if self.request.headers.get("Sec-Fetch-Dest", "") not in _READERS:
            raise HTTPError(403)

    def _refuse(self, name: str) -> None:
        """Say that there is no room, when to come again and what can be read meanwhile."""
        self.set_status(503)
        self.set_header("Retry-After", str(RETRY_SECONDS))
        self.set_header("Cache-Control", "no-store")
        root = self.room.fallback
        copy = root and f"{self.base_url}{ADDRESS}{fallback_path(root, name, self.request.query)}"
        self.finish(self.render_template("full.html", seconds=RETRY_SECONDS, copy=copy))

    async def _send(self, name: str, visit: Visit) -> None:
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-cache, no-store, must-revalidate")
        self.set_header("X-Accel-Buffering", "no")  # nginx: pass on what there is
        snapshot = self.room.snapshot
        renderer = self._renderer(name, visit, snapshot)
        await renderer.initialize()
        # the visitor may leave while he waits: then nobody needs the kernel
        self._sending = asyncio.current_task()
        try:
            async with aclosing(renderer.pieces()) as pieces:
                async for html in pieces:
                    self.write(html)
                    await self.flush()
        except (StreamClosedError, asyncio.CancelledError):
            await renderer.abandon()
        finally:
            self._sending = None

    _sending: asyncio.Task[Any] | None = None

    def on_connection_close(self) -> None:
        """Stop preparing a page that nobody waits for any more."""
        if self._sending is not None:
            self._sending.cancel()
        super().on_connection_close()

    def _renderer(self, name: str, visit: Visit, snapshot: str | None) -> PageRenderer:
        shared = {
            "base_url": self.base_url,
            "voila_configuration": self.voila_configuration,
        }
        return PageRenderer(
            visit,
            self.kernel_manager,
            request_environment(self, snapshot),
            **shared,
            request_handler=self,
            traitlet_config=self.traitlet_config,
            notebook_path=name,
            template_paths=self.template_paths,
            config_manager=self.config_manager,
            contents_manager=self.contents_manager,
            kernel_spec_manager=self.kernel_spec_manager,
            page_config=get_page_config(**shared, settings=self.settings, log=self.log),
            mathjax_config=self.settings.get("mathjax_config"),
            mathjax_url=self.settings.get("mathjax_url"),
        )
