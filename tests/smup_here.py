"""``smup`` in the process of the tests: a process of its own costs a second of imports each."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest

from smup_lib import cli


def smup_here(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command line; return what a process would have ended with and said."""
    told = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in "oe"]
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(told[0]),
        redirect_stderr(told[1]),
        pytest.raises(SystemExit) as ended,
    ):
        patch.setattr(sys, "argv", ["smup", *words])
        for name, value in environment.items():
            patch.setenv(name, value)
        cli.main()
    out, err = (stream.buffer.getvalue().decode("utf-8") for stream in told)  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(words, ended.value.code or 0, out, err)
