"""How are a notebook's cells run in this very process, and recorded as papermill records them?

papermill and nbclient stay in charge: they put in the parameters, collect what is shown, stop at an
error. Only the kernel is not another process behind sockets: it is an IPython kernel whose messages
go through the same JSON and end in a list. Its state stays in the process, so that a process runs
one notebook: fork first (:mod:`smup_lib.kernels.supervised`).
"""

from __future__ import annotations

import asyncio
import builtins
import logging
import os
import queue
import signal
import sys
import threading
import warnings
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from smup_lib.kernels.cell_lines import Line, PublicLine, StopCellError, session_class
from smup_lib.kernels.cell_streams import CellStreams
from smup_lib.kernels.forking import INLINE_PLOTS
from smup_lib.kernels.module_files import ListedModules, modules_told

#: Bytes that the cells of a notebook may show; more is a cell that prints for ever.
OUTPUT_LIMIT = 256_000_000
#: An alarm comes so many seconds after the event loop had its chance to end an awaiting cell.
_ALARM_MARGIN = 0.25
#: What a kernel finds as the name of its program.
_LAUNCHER = "ipykernel_launcher.py"
#: How often a reader may be given its turn without reading anything.
_IDLE_TURNS = 3


class CellOutputError(Exception):
    """The cells showed more than they may."""


class InProcessKernel:
    """Stands where nbclient expects the manager of a kernel: give it to papermill as ``km``.

    Parameters
    ----------
    ipython_dir : Path
        Folder for the profile of IPython; not that of the user, whose start-up files are no part
        of a report.
    environment : mapping of str to str
        Added to the environment of the process until :meth:`running` ends.
    output_limit : int
        Bytes that all cells together may show.

    Examples
    --------
    >>> import tempfile
    >>> kernel = InProcessKernel(Path(tempfile.gettempdir()), {})
    >>> kernel.has_kernel
    True
    """

    #: What nbclient asks a manager: it shall start nothing and write no history file.
    has_kernel, ipykernel = True, False

    def __init__(
        self,
        ipython_dir: Path,
        environment: Mapping[str, str],
        *,
        output_limit: int = OUTPUT_LIMIT,
    ) -> None:
        self._folder = ipython_dir
        self._environment = {"IPYTHONDIR": str(ipython_dir), **environment}
        self._output_limit = output_limit
        self._client: Any = None

    @contextmanager
    def running(self) -> Iterator[InProcessKernel]:
        """Be a kernel, and put back what a report is still written with afterwards."""
        with _put_back():
            os.environ.update(self._environment)
            sys.argv[:] = [_LAUNCHER, "-f", str(self._folder / "kernel.json")]
            for name, value in INLINE_PLOTS.items():
                os.environ.setdefault(name, value)
            if "" not in sys.path:
                sys.path.insert(0, "")
            try:
                yield self
            finally:
                if self._client is not None:
                    self._client.stop_channels()

    def client(self) -> Any:
        """Return a client, with the kernel that it talks to."""
        self._client = _client_class()(self._output_limit)
        return self._client

    async def is_alive(self) -> bool:
        """Say yes: it ends when this process does."""
        return True


class _Exchange:
    """The two lines of a client to its kernel, which works when somebody waits for its answer.

    ``shell`` takes requests and gives replies, ``iopub`` gives what is shown.
    """

    def __init__(self, session: Any, output_limit: int) -> None:
        self._session = session
        self._shown, self._replies = PublicLine(session, output_limit), Line(session)
        self._requests: deque[dict[str, Any]] = deque()
        self._kernel = _started_kernel(session, self._shown, self._replies)
        self._streams = CellStreams(self._send_text)
        self.shell = SimpleNamespace(send=self._requests.append, get_msg=self._reply)
        self.iopub = SimpleNamespace(get_msg=self._next_shown)

    @property
    def ended(self) -> bool:
        """Whether a cell asked the kernel to end."""
        return bool(self._kernel.shell.exit_now)

    def close(self) -> None:
        """Give the files of the streams back."""
        self._streams.close()

    async def _next_shown(self, timeout: float | None = None) -> dict[str, Any]:
        while not self._shown.messages:
            # the kernel works in another task of the same loop
            await asyncio.sleep(0 if self._requests else 0.001)
        return self._shown.messages.popleft()

    async def _reply(self, timeout: float | None = None) -> dict[str, Any]:
        """Do what was asked, in order, and return the first reply."""
        while self._requests and not self._shown.cut:
            await self._work(self._requests.popleft(), timeout)
            await self._let_read()
        if self._shown.exceeded:
            raise CellOutputError
        if not self._replies.messages:
            raise queue.Empty
        return self._replies.messages.popleft()

    async def _work(self, request: dict[str, Any], timeout: float | None) -> None:
        import zmq

        if self.ended and request["msg_type"] == "execute_request":
            return
        frames = [zmq.Frame(part) for part in self._session.serialize(request)]
        with self._streams.in_place():
            work = asyncio.ensure_future(self._kernel.shell_main(None, frames))
            with self._alarm(timeout):
                await asyncio.wait({work}, timeout=timeout)
            if not work.done():
                self._shown.cut = True
                work.cancel()
        if self._shown.cut:
            self._replies.messages.clear()

    @contextmanager
    def _alarm(self, seconds: float | None) -> Iterator[None]:
        """Stop a cell that does not let the event loop stop it."""

        def stop(*_: object) -> None:
            self._shown.cut = True
            raise StopCellError

        if seconds is None:
            yield
            return
        asked = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, seconds + _ALARM_MARGIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, asked)

    async def _let_read(self) -> None:
        """Let nbclient read what was shown, so that its own time limits never strike."""
        left, idle = len(self._shown.messages), 0
        while left and idle < _IDLE_TURNS:
            await asyncio.sleep(0)
            idle = idle + 1 if len(self._shown.messages) == left else 0
            left = len(self._shown.messages)

    def _send_text(self, name: str, text: str) -> None:
        self._session.send(
            self._shown,
            "stream",
            {"name": name, "text": text},
            parent=self._kernel.get_parent(),
            ident=f"stream.{name}".encode(),
        )


@cache
def _client_class() -> Any:
    from jupyter_client.client import KernelClient
    from nbclient.exceptions import DeadKernelError

    class CellClient(KernelClient):
        """A client whose kernel is in the same process."""

        def __init__(self, output_limit: int) -> None:
            super().__init__(session=session_class()(key=b""))
            self._exchange = _Exchange(self.session, output_limit)

        @property
        def shell_channel(self) -> Any:
            return self._exchange.shell

        @property
        def iopub_channel(self) -> Any:
            return self._exchange.iopub

        def execute(self, *args: Any, **kwargs: Any) -> Any:
            if self._exchange.ended:
                raise DeadKernelError("Kernel died")
            return super().execute(*args, **kwargs)

        async def is_alive(self) -> bool:
            return True

        def start_channels(self, *_: Any, **__: Any) -> None:
            """Nothing to open."""

        def stop_channels(self) -> None:
            self._exchange.close()

        async def wait_for_ready(self, timeout: float | None = None) -> None:
            """Nothing to wait for."""

    return CellClient


def import_for_cells() -> None:
    """Import what running cells needs, so that a fork has it: seconds that no report pays."""
    # a shell imports these when it starts, or when it shows something
    import bdb  # noqa: F401

    import IPython.core.completerlib
    import IPython.core.logger
    import IPython.core.oinspect  # noqa: F401

    _client_class()
    _kernel_class()


@contextmanager
def _put_back() -> Iterator[None]:
    """Put back what IPython and cells change in a process and others rely on."""
    environment, folder = dict(os.environ), Path.cwd()
    path, arguments = list(sys.path), list(sys.argv)
    main, hooks = sys.modules["__main__"], (sys.displayhook, sys.excepthook)
    known, asked = vars(builtins).copy(), signal.getsignal(signal.SIGALRM)
    with warnings.catch_warnings():
        try:
            yield
        finally:
            signal.signal(signal.SIGALRM, asked)
            vars(builtins).update(known)
            sys.modules["__main__"] = main
            sys.displayhook, sys.excepthook = hooks
            sys.path[:], sys.argv[:] = path, arguments
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)


@cache
def _kernel_class() -> Any:
    # pydevd would warn on the terminal of who imports it that it cannot debug this interpreter
    told = os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    import ipykernel.debugger
    import ipykernel.kernelapp  # noqa: F401 - a kernel needs both: not to be imported in each fork
    from ipykernel.ipkernel import IPythonKernel
    from traitlets import Any as AnyTrait

    if told == "1":
        os.environ.pop("PYDEVD_DISABLE_FILE_VALIDATION", None)

    class CellKernel(IPythonKernel):
        """A kernel whose requests are handed over by a call."""

        shell_stream = AnyTrait()
        _execute_sleep = 0.0
        # there is a thread of requests in name only, for cells that await
        _supports_kernel_subshells = False

        def _abort_queues(self, subshell_id: str | None = None) -> None:
            """Leave what to do after an error to nbclient: nothing waits in a queue."""

    return CellKernel


def _started_kernel(session: Any, shown: Line, replies: Line) -> Any:
    """Return a kernel with a fresh shell; a process has one at a time."""
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    kernel_class = _kernel_class()
    shell_class = kernel_class.shell_class.default_value
    for single in (kernel_class, shell_class, IPKernelApp):
        single.clear_instance()
    log = logging.getLogger(__name__)
    log.addHandler(logging.NullHandler())
    log.propagate = False
    # by the application, libraries know that they are in a notebook; it is never started
    app = IPKernelApp.instance(log=log, config=Config({"HistoryManager": {"enabled": False}}))
    # nobody debugs it, and a fork would copy the page of each module that is asked for its file
    with modules_told(ListedModules()):
        app.kernel = kernel_class.instance(
            parent=app,
            session=session,
            iopub_socket=shown,
            shell_stream=replies,
            shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
            log=log,
        )
    return app.kernel
