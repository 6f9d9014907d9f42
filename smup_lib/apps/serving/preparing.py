"""How is a page prepared? Its shape is sent at once; then come the queue, the kernel, the cells.

Whatever fails on the way is told in the page: the request always ends.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from jupyter_server.utils import ApiPath
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from tornado.ioloop import IOLoop
from voila import __version__ as voila_version
from voila.notebook_renderer import NotebookRenderer
from voila.utils import ENV_VARIABLE

from smup_lib.apps.serving.kernels import VisitorKernels
from smup_lib.apps.serving.limits import Visit
from smup_lib.apps.serving.warm_pages import is_reading
from smup_lib.snapshots.store import PINNED

#: A proxy takes a minute of silence for an end.
SILENT_SECONDS = 15.0
#: While the data are being read for all pages, so many may read them themselves: each takes the
#: time and the memory of three others. Whoever comes then waits, but not for ever.
MOST_READING, READ_SECONDS, LOOK_SECONDS = 3, 60.0, 0.1
_log = logging.getLogger("tornado.application")


class PageRenderer(NotebookRenderer):  # type: ignore[misc]  # untyped library
    """Renders a page for one visit; the template asks for the queue, the kernel and the cells.

    Parameters
    ----------
    visit : Visit
        Whose page it is.
    kernels : VisitorKernels
        Where its kernel is started.
    environment : dict of str to str
        What the kernel knows of the request.
    **fields
        Voilà's.
    """

    def __init__(
        self,
        visit: Visit,
        kernels: VisitorKernels,
        environment: dict[str, str],
        **fields: Any,
    ) -> None:
        super().__init__(**fields)
        self._visit, self._kernels = visit, kernels
        self._environment = environment
        self._kernel_id: str | None = None
        #: What runs the cells; its connections to the kernel stay open until they are closed.
        self.executor: Any = None

    def pieces(self) -> AsyncGenerator[str]:
        """Render the page piece by piece."""
        rendered = self.exporter.generate_from_notebook_node(
            self.notebook,
            resources=self.resources,
            extra_context={
                "frontend": "voila",
                "main_js": "voila.js",
                "snapshot": self._environment.get(PINNED, ""),
                "places": self._visit.turn.places,
                "kernel_start": self._start_kernel,
                "cell_generator": self._run_cells,
            },
            page_config=self.page_config,
        )
        return _never_silent(rendered)

    async def abandon(self) -> None:
        """End the kernel of a visitor who has gone before his page was ready."""
        if self.executor is not None and self.executor.kc is not None:
            await self._cleanup_resources()
        if self._kernel_id is not None:
            await self._kernels.end(self._kernel_id, now=True)

    async def _start_kernel(self, notebook: NotebookNode) -> str | None:
        """Return the id of a kernel that answers; None when there is none."""
        try:
            self._kernel_id = await self._launch(notebook.metadata.kernelspec.name)
            self._visit.note_kernel()
            manager = self._kernels.get_kernel(self._kernel_id)
            return await self._jinja_kernel_start(notebook, self._kernel_id, manager)  # type: ignore[no-any-return]
        except Exception:  # whatever it is, the visitor shall read that it failed
            _log.exception("A kernel could not be started.")
            await self.abandon()
            return None

    async def _launch(self, name: str) -> str:
        """Return the id of a new kernel; when the visitor leaves meanwhile, it is ended too."""
        last = time.monotonic() + READ_SECONDS
        while is_reading() and self._kernels.reading >= MOST_READING and time.monotonic() < last:
            await asyncio.sleep(LOOK_SECONDS)
        reads_itself = is_reading()
        env = {**os.environ, **self._environment}
        launching = asyncio.ensure_future(
            self._kernels.start_kernel(kernel_name=name, path=ApiPath(""), env=env)
        )
        try:
            kernel_id = await asyncio.shield(launching)
            if reads_itself:
                self._kernels.note_reading(kernel_id)
            return kernel_id
        except asyncio.CancelledError:
            launching.add_done_callback(self._end_launched)
            raise

    def _end_launched(self, launched: asyncio.Future[str]) -> None:
        if not launched.cancelled() and launched.exception() is None:
            IOLoop.current().add_callback(self._kernels.end, launched.result(), now=True)

    async def _run_cells(self, notebook: NotebookNode, kernel_id: str) -> AsyncIterator[Any]:
        """Run the cells; one that fails is the last."""
        for number, cell in enumerate(notebook.cells):
            cell.update({} if cell.cell_type != "code" else {"outputs": []})
            try:
                done = await self.executor.execute_cell(cell, None, number, store_history=False)
            except CellExecutionError:
                _log.exception("A cell failed.")
                yield _failed_cell()
                break
            except Exception:  # the kernel has died or does not answer
                _log.exception("A kernel was lost.")
                await self.abandon()
                yield _failed_cell()
                break
            yield done
        await self._cleanup_resources()
        self._kernels.note_ready(kernel_id)


async def _never_silent(rendered: AsyncIterator[tuple[str, Any]]) -> AsyncGenerator[str]:
    """Pass on the pieces of a page, and a comment now and then while none comes."""
    coming = asyncio.ensure_future(anext(rendered))
    try:
        while True:
            if not (await asyncio.wait({coming}, timeout=SILENT_SECONDS))[0]:
                yield "<!-- -->"
                continue
            try:
                html, _ = coming.result()
            except StopAsyncIteration:
                return
            yield html
            coming = asyncio.ensure_future(anext(rendered))
    finally:
        coming.cancel()
        await asyncio.wait({coming})


def _failed_cell() -> NotebookNode:
    """Return what the template shows as a failure; the error itself does not leave the server."""
    lost = NotebookNode(output_type="error", ename="", evalue="", traceback=[])
    return NotebookNode(cell_type="code", metadata=NotebookNode(), source="", outputs=[lost])


def request_environment(handler: Any, snapshot: str | None) -> dict[str, str]:
    """Return what a kernel is told of the request that it is started for.

    The link and the state of the data, and nothing of the visitor: no header, address or cookie.
    """
    # pinned, so that a page never shows two states of the data, whatever is imported meanwhile
    pinned = {} if snapshot is None or PINNED in os.environ else {PINNED: snapshot}
    return {
        **pinned,
        # by this an app knows that a page of ours stands around it
        ENV_VARIABLE.SERVER_SOFTWARE: f"voila/{voila_version}",
        ENV_VARIABLE.SCRIPT_NAME: handler.request.path,
        ENV_VARIABLE.PATH_INFO: "",
        ENV_VARIABLE.QUERY_STRING: handler.request.query,
        ENV_VARIABLE.VOILA_PREHEAT: "False",
        ENV_VARIABLE.VOILA_BASE_URL: handler.base_url,
        ENV_VARIABLE.VOILA_SERVER_URL: handler.settings.get("server_url", "/"),
    }
