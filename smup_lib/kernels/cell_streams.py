"""What a cell writes, in the order in which a kernel would have sent it.

A kernel gathers what is printed and sends it a fifth of a second later, or when something else is
shown; one thread does that, two others watch what other programs write past Python. Here no thread
may run, so the same is worked out whenever something is written, shown or ended.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

#: After how many seconds a kernel sends what was printed (``ipykernel.iostream.OutStream``).
FLUSH_SECONDS = 0.2
#: Characters that wait at most: what is never sent is never counted.
_PENDING = 1 << 20
#: The most of another program's output that is read at once.
_PIECE = 1 << 20

#: Takes the name of a stream and a text.
Send = Callable[[str, str], None]


class CellStream(io.TextIOBase):
    """Standard output or error of a cell; text is sent as a kernel would send it.

    Parameters
    ----------
    name : str
        ``stdout`` or ``stderr``.
    both : CellStreams
        Knows the other one.
    """

    def __init__(self, name: str, both: CellStreams) -> None:
        super().__init__()
        self._name, self._both = name, both

    @property
    def name(self) -> str:
        """Name of the stream."""
        return self._name

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """As the streams of a kernel."""
        return "UTF-8"

    def writable(self) -> bool:
        """Say that it can be written."""
        return True

    def isatty(self) -> bool:
        """Say that nobody sits before it."""
        return False

    def fileno(self) -> int:
        """Return where the stream led before the cells ran, as the streams of a kernel do."""
        return self._both.kept[self._name]

    def write(self, text: str) -> int:
        """Take a text; it is sent soon, in order."""
        if not isinstance(text, str):
            # the words of a kernel: a cell may show them
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._both.take(self._name, text)
        return len(text)

    def flush(self) -> None:
        """Send what was taken."""
        self._both.send(self._name)


class CellStreams:
    """Both streams of the cells of one notebook.

    Parameters
    ----------
    send : callable
        Told the name of a stream and a text, in the order in which a kernel would send them.

    Examples
    --------
    >>> told = []
    >>> streams = CellStreams(lambda name, text: told.append((name, text)))
    >>> with streams.in_place():
    ...     print("one")
    ...     n = os.write(1, b"two")
    >>> streams.close()
    >>> told
    [('stdout', 'one\\ntwo')]
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._texts: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._since: dict[str, float] = {}
        self._pending = dict.fromkeys(self._texts, 0)
        self._opened = ExitStack()
        self._files: dict[str, int] = {}
        for name in self._texts:
            file = tempfile.TemporaryFile("a+b", buffering=0)  # noqa: SIM115 - closed by the stack
            self._files[name] = self._opened.enter_context(file).fileno()
        self._read = dict.fromkeys(self._files, 0)
        #: Where the streams lead outside of the cells.
        self.kept = {"stdout": os.dup(1), "stderr": os.dup(2)}
        # cells may keep them, as a handler of log messages does
        self._streams = tuple(CellStream(name, self) for name in self._texts)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Stand in for the standard streams of Python and of the process, and put them back."""
        before = sys.stdout, sys.stderr
        for stream in before:
            stream.flush()
        sys.stdout, sys.stderr = self._streams
        try:
            os.dup2(self._files["stdout"], 1)
            os.dup2(self._files["stderr"], 2)
            yield
            self.send_all()
        finally:
            sys.stdout, sys.stderr = before
            os.dup2(self.kept["stdout"], 1)
            os.dup2(self.kept["stderr"], 2)

    def close(self) -> None:
        """Give the files back."""
        for kept in self.kept.values():
            os.close(kept)
        self._opened.close()

    def take(self, name: str, text: str) -> None:
        """Take a text after everything that was written before it."""
        self.send_due()
        self._append(name, text)

    def send_due(self) -> None:
        """Send what a kernel would have sent by now, and take what other programs wrote."""
        now = time.monotonic()
        due = sorted((since, name) for name, since in self._since.items())
        for since, name in due:
            if now - since >= FLUSH_SECONDS:
                self._emit(name)
        for name in self._files:
            self._take_written(name)

    def send(self, name: str) -> None:
        """Send everything of a stream."""
        self.send_due()
        self._emit(name)

    def send_all(self) -> None:
        """Send everything: first output, then errors, as a kernel does at the end of a cell."""
        for name in self._texts:
            self.send(name)

    def _append(self, name: str, text: str) -> None:
        self._texts[name].append(text)
        self._since.setdefault(name, time.monotonic())
        self._pending[name] += len(text)
        if self._pending[name] > _PENDING:
            self._emit(name)

    def _take_written(self, name: str) -> None:
        while piece := os.pread(self._files[name], _PIECE, self._read[name]):
            self._read[name] += len(piece)
            self._append(name, piece.decode(errors="replace"))

    def _emit(self, name: str) -> None:
        text = "".join(self._texts[name])
        self._texts[name].clear()
        self._since.pop(name, None)
        self._pending[name] = 0
        if text:
            self._send(name, text)
