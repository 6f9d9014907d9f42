"""How long does the kernel of a visitor live? Until he leaves, it dies, or nobody uses it.

Kernels are not restarted: a new one would know nothing of the page. The page opens its link again.
"""

from __future__ import annotations

import time
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from traitlets import Float

#: What widgets send; everything else, running code above all, is refused.
WIDGET_MESSAGES = (
    "comm_open",
    "comm_close",
    "comm_msg",
    "comm_info_request",
    "kernel_info_request",
)


class VisitorKernels(AsyncMappingKernelManager):
    """The kernels of all visitors."""

    leave_seconds = Float(
        180.0, config=True, help="How long a kernel waits for a page that has lost it."
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._alone_since: dict[str, float] = {}
        self._ending: set[str] = set()
        self._reading: set[str] = set()
        self.allowed_message_types = list(WIDGET_MESSAGES)

    @property
    def living(self) -> int:
        """Return how many kernels there are, those that are just being ended not counted."""
        return len(set(self._kernels) - self._ending)

    @property
    def reading(self) -> int:
        """Return how many there are that read the data themselves."""
        return len(self._reading & set(self._kernels))

    def note_reading(self, kernel_id: str) -> None:
        """Count a kernel among those that read the data themselves."""
        self._reading = {*self._reading & set(self._kernels), kernel_id}

    def note_ready(self, kernel_id: str) -> None:
        """Begin to wait for the page: its kernel has done what it needs to appear."""
        if kernel_id in self and not self._kernel_connections.get(kernel_id, 0):
            self._alone_since[kernel_id] = time.monotonic()

    def notify_connect(self, kernel_id: str) -> None:
        """Note that a page has come, or come back."""
        super().notify_connect(kernel_id)
        self._alone_since.pop(kernel_id, None)

    def notify_disconnect(self, kernel_id: str) -> None:
        """Note since when a kernel has no page."""
        super().notify_disconnect(kernel_id)
        if kernel_id in self and not self._kernel_connections.get(kernel_id, 0):
            self._alone_since[kernel_id] = time.monotonic()

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel whose page is gone or not used."""
        since = self._alone_since.get(kernel_id)
        if kernel_id in self._ending:
            return
        if since is not None and time.monotonic() - since > self.leave_seconds:
            await self.end(kernel_id)
        else:
            await super().cull_kernel_if_idle(kernel_id)

    async def end(self, kernel_id: str, *, now: bool = False) -> None:
        """End a kernel if it is still there."""
        try:
            await self.shutdown_kernel(kernel_id, now=now)
        except (HTTPError, KeyError):
            self.log.debug("Kernel %s has ended already.", kernel_id)

    async def shutdown_kernel(  # type: ignore[override]  # as its base class has it
        self, kernel_id: str, now: bool = False, restart: bool = False
    ) -> None:
        """End a kernel; its visitor is not counted from this moment on."""
        self._check_kernel_id(kernel_id)
        self._ending.add(kernel_id)
        try:
            await self._async_shutdown_kernel(kernel_id, now=now, restart=restart)
        finally:
            self._ending.discard(kernel_id)
            self._alone_since.pop(kernel_id, None)

    def _handle_kernel_died(self, kernel_id: str) -> None:
        """Clear away what a kernel that has died leaves behind, after its page has been told."""
        IOLoop.current().add_callback(self.end, kernel_id, now=True)
