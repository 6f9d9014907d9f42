"""Kernels forked from a zygote behave as kernels do: real ones, under jupyter_client."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from jupyter_client.manager import AsyncKernelManager

from smup_lib.kernels import launching
from smup_lib.kernels.launching import UNKNOWN_CODE, Wanted, WarmKernel, prepare
from smup_lib.kernels.messages import NoZygote
from tests.kernels.warm_kernels import PLAIN, Kitchen, wait_for_end

#: What tells zygotes apart.
KINDS = ("csv", "calendar")


@pytest.fixture(scope="module")
def kitchen() -> Iterator[Kitchen]:
    kitchen = Kitchen(["numpy", "numpy.random", "ipywidgets"])
    yield kitchen
    kitchen.close()


@pytest.fixture
def own_kitchen() -> Iterator[Kitchen]:
    kitchen = Kitchen()
    yield kitchen
    kitchen.close()


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_a_kernel_starts_where_and_as_asked(kitchen, tmp_path, set_by_ipykernel, transport):
    environment = kitchen.environment(OWN="ąę")
    start = {"env": environment, "cwd": str(tmp_path)}
    with kitchen.kernel(start=start, transport=transport) as kernel:
        assert kernel.is_warm
        code = "import os, sys; print(os.getcwd(), os.environ['OWN'], sys.argv[1], os.getpgrp())"
        file = kernel.manager.connection_file
        assert kernel.run(code) == f"{tmp_path} ąę -f {kernel.process.pid}"
        told = json.loads(Path(file).read_text(encoding="utf-8"))
        ports = {told[f"{name}_port"] for name in ("shell", "iopub", "stdin", "control", "hb")}
        assert len(ports) == 5
        assert ports == set(kernel.manager.ports)
        assert kernel.run("print(sorted(os.environ))") == str(
            sorted({*environment, "JPY_PARENT_PID", *set_by_ipykernel})
        )


@pytest.fixture(scope="module")
def set_by_ipykernel(kitchen: Kitchen) -> set[str]:
    """Return what an ordinary kernel has in its environment beyond what it was given."""
    with kitchen.kernel(PLAIN) as kernel:
        names = kernel.run("import os; print(*os.environ)").split()
    return set(names) - set(kitchen.environment())


def test_widgets_tell_their_states_all_at_once(kitchen):
    """As every page asks. Refused, it asks for each widget alone, and a lost answer stops it."""
    with kitchen.kernel() as kernel:
        assert kernel.is_warm
        kernel.run("import ipywidgets; w = ipywidgets.HTML('ąę')")
        session, shell = kernel.client.session, kernel.client.shell_channel.socket
        opening = {"target_name": "jupyter.widget.control", "comm_id": "c", "data": {}}
        session.send(shell, "comm_open", opening, metadata={"version": "1.0.0"})
        asking = {"comm_id": "c", "data": {"method": "request_states"}}
        sent = session.send(shell, "comm_msg", asking)
        said = []
        while not said or said[-1]["content"].get("execution_state") != "idle":
            message = kernel.client.get_iopub_msg(timeout=30)
            if message["parent_header"].get("msg_id") == sent["msg_id"]:
                said.append(message)
        (states,) = [m["content"]["data"]["states"] for m in said if m["msg_type"] == "comm_msg"]
        assert [s["state"]["value"] for s in states.values() if "value" in s["state"]] == ["ąę"]


def test_an_interrupt_stops_the_cell_and_not_the_kernel(kitchen):
    with kitchen.kernel() as kernel:
        kernel.run("x = 1")
        loop = "print('runs', flush=True)\nwhile True: pass"
        sent = kernel.client.execute(loop)
        while kernel.client.get_iopub_msg(timeout=30)["msg_type"] != "stream":
            pass
        kernel.manager.interrupt_kernel()
        reply = kernel.client.get_shell_msg(timeout=30)
        while reply["parent_header"].get("msg_id") != sent:
            reply = kernel.client.get_shell_msg(timeout=30)
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert kernel.run("print(x)") == "1"


def test_a_restart_forgets_all_and_keeps_the_ports(kitchen):
    with kitchen.kernel() as kernel:
        before, ports = kernel.process.pid, kernel.manager.ports
        kernel.run("x = 1")
        kernel.manager.restart_kernel(now=False)
        kernel.client.wait_for_ready(timeout=60)
        assert kernel.is_warm
        assert kernel.process.pid != before
        assert kernel.manager.ports == ports
        assert kernel.run("print('x' in globals())") == "False"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import os; os._exit(3)", 3),
        ("import os; os.kill(os.getpid(), 9)", -signal.SIGKILL),
        ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
    ],
)
def test_how_a_kernel_ended_is_told(kitchen, code, expected):
    with kitchen.kernel() as kernel:
        process = kernel.process
        kernel.client.execute(code)
        assert process.wait(30) == expected
        assert not kernel.manager.is_alive()


def test_a_shutdown_is_an_end_like_any_other(kitchen):
    with kitchen.kernel() as kernel:
        process = kernel.process
        kernel.manager.shutdown_kernel(now=False)
        assert process.wait(30) == 0


def test_a_kernel_that_dies_at_its_start_keeps_nobody_waiting(kitchen, caplog):
    bad = {"extra_arguments": ["--IPKernelApp.kernel_class=no.such.Kernel"]}
    with pytest.raises(RuntimeError, match="died"), kitchen.kernel(start=bad):
        pass
    assert "ended at its start with code 1" in caplog.text
    with kitchen.kernel() as next_one:
        assert next_one.is_warm


LAUNCHER = """
import sys
from pathlib import Path
from smup_lib.kernels.launching import Wanted, launch
request = {"argv": ["-f", sys.argv[2]], "cwd": "/", "own_ports": True,
           "environment": {**__import__("os").environ, "JPY_PARENT_PID": "0"}}
kernel = launch(Wanted((sys.executable,), (), 60.0, Path(sys.argv[1])), request, [2, 2])
print(kernel.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("zygote_lives", [True, False])
def test_a_kernel_ends_with_its_launcher(own_kitchen, zygote_lives):
    arguments = [str(own_kitchen.sockets), str(own_kitchen.folder / "kernel.json")]
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with launcher:
        assert launcher.stdout is not None
        kernel = int(launcher.stdout.readline())
        if not zygote_lives:
            zygote = int(Path(f"/proc/{kernel}/stat").read_text().rsplit(")", 1)[1].split()[1])
            os.kill(zygote, signal.SIGKILL)
            assert wait_for_end(zygote)
        assert not wait_for_end(kernel, 0.0)
        launcher.kill()
    assert wait_for_end(kernel)


def test_kernels_outlive_a_killed_zygote_and_the_next_gets_another(own_kitchen):
    with own_kitchen.kernel() as kernel:
        process = kernel.process
        zygote = int(kernel.run("import os; print(os.getppid())"))
        os.kill(zygote, signal.SIGKILL)
        assert wait_for_end(zygote)
        assert kernel.run("print('lives')") == "lives"
        with own_kitchen.kernel() as other:
            assert other.is_warm
            assert int(other.run("import os; print(os.getppid())")) != zygote
        kernel.client.execute("import os; os._exit(3)")
        assert process.wait(30) == UNKNOWN_CODE


def test_an_idle_zygote_ends_and_leaves_no_socket(own_kitchen):
    own_kitchen.write([], idle_seconds=0.1)
    with own_kitchen.kernel() as kernel:
        zygote = int(kernel.run("import os; print(os.getppid())"))
        assert own_kitchen.zygotes()
    assert wait_for_end(zygote)
    assert own_kitchen.zygotes() == []


def test_after_an_upgrade_the_next_kernel_has_the_new_code(own_kitchen, tmp_path):
    module = tmp_path / "own_library.py"
    module.write_text("VERSION = 1\n")
    own_kitchen.write(["own_library"])
    start = {"env": own_kitchen.environment(PYTHONPATH=f"{tmp_path}:{Path.cwd()}")}
    ask = "import own_library, os; print(own_library.VERSION)"
    with own_kitchen.kernel(start=start) as old:
        assert old.run(ask) == "1"
        module.write_text("VERSION = 22\n")
        with own_kitchen.kernel(start=start) as new:
            assert new.is_warm
            assert new.run(ask) == "22"
        assert old.run(ask) == "1"


def test_a_variable_that_a_module_read_gets_another_zygote(own_kitchen, tmp_path):
    (tmp_path / "reader.py").write_text("import os\nSEEN = os.environ.get('READ_AT_IMPORT')\n")
    own_kitchen.write(["reader"])
    path = f"{tmp_path}:{Path.cwd()}"
    seen, zygotes = [], []
    for read, other in (("a", "1"), ("b", "1"), ("a", "2"), ("b", "2")):
        more = {"PYTHONPATH": path, "READ_AT_IMPORT": read, "NEVER_READ": other}
        with own_kitchen.kernel(start={"env": own_kitchen.environment(**more)}) as kernel:
            assert kernel.is_warm
            seen.append(kernel.run("import reader, os; print(reader.SEEN)"))
            zygotes.append(kernel.run("print(os.getppid())"))
    assert seen == ["a", "b", "a", "b"]
    assert zygotes[0] != zygotes[1]
    assert zygotes[:2] == zygotes[2:]


def test_a_module_that_starts_a_thread_is_named_and_an_ordinary_kernel_starts(
    own_kitchen, tmp_path, caplog
):
    (tmp_path / "threaded.py").write_text(
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    )
    own_kitchen.write(["json", "threaded"])
    start = {"env": own_kitchen.environment(PYTHONPATH=f"{tmp_path}:{Path.cwd()}")}
    for _ in range(2):
        with own_kitchen.kernel(start=start) as kernel:
            assert not kernel.is_warm
            assert kernel.run("print(1)") == "1"
    assert caplog.text.count("threaded started a thread") == 1


def test_a_folder_that_others_may_enter_or_own_is_not_used(own_kitchen, caplog):
    own_kitchen.sockets.mkdir(mode=0o755)
    with own_kitchen.kernel() as kernel:
        assert not kernel.is_warm
    assert "is not a folder of this user alone" in caplog.text
    own_kitchen.sockets.rmdir()


def test_a_folder_of_another_user_is_not_used(own_kitchen):
    from smup_lib.kernels.messages import NoWarmKernel, private_folder

    folder = Path("/proc/1") if os.getuid() else own_kitchen.sockets
    if not os.getuid():
        folder.mkdir(mode=0o700)
        os.chown(folder, 65534, 65534)
    with pytest.raises(NoWarmKernel, match="this user alone"):
        private_folder(folder)
    if not os.getuid():
        folder.rmdir()


async def _launched(managers: list[AsyncKernelManager], environment: dict[str, str]) -> list[bool]:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    await asyncio.gather(*(each.start_kernel(env=environment, **quiet) for each in managers))
    try:
        warm = [isinstance(each.provisioner.process, WarmKernel) for each in managers]
        return [each and await one.is_alive() for each, one in zip(warm, managers, strict=True)]
    finally:
        await asyncio.gather(*(each.shutdown_kernel(now=True) for each in managers))


def test_many_at_once_all_listen_on_ports_of_their_own(kitchen, caplog):
    # so many that of ports drawn by chance two would meet as likely as not
    managers = [kitchen.manager(kind=AsyncKernelManager) for _ in range(40)]
    files = [Path(manager.connection_file) for manager in managers]
    alive = asyncio.run(_launched(managers, kitchen.environment()))
    assert caplog.messages == []
    assert all(alive)
    ports = [port for manager in managers for port in manager.ports]
    assert sorted(ports) == sorted(set(ports))
    assert len(ports) == 40 * 5
    assert not any(file.exists() for file in files)


POISON = """
import builtins, json, locale, os, random, signal, sys, tempfile, warnings
import numpy
json.OWN = builtins.OWN = 1
os.environ['POISON'] = 'x'
os.chdir('/')
os.umask(0)
random.seed(1); numpy.random.seed(1)
numpy.set_printoptions(precision=1)
warnings.simplefilter('ignore')
sys.path.insert(0, '/poison')
sys.setrecursionlimit(500)
locale.setlocale(locale.LC_ALL, 'C')
signal.signal(signal.SIGTERM, signal.SIG_IGN)
tempfile.tempdir = '/poison'
"""
STATE = """
import builtins, json, locale, os, random, signal, sys, tempfile, warnings
import numpy
print(hasattr(json, 'OWN'), hasattr(builtins, 'OWN'), 'POISON' in os.environ, os.getcwd())
print(numpy.array([1.2345]), sorted(set(map(str, warnings.filters))), sys.path[:3])
print(sys.getrecursionlimit(), locale.setlocale(locale.LC_ALL), tempfile.gettempdir())
print(signal.getsignal(signal.SIGTERM), os.umask(0o22), sorted(globals())[:3])
"""


def test_nothing_of_one_kernel_is_found_in_the_next(kitchen):
    with kitchen.kernel(PLAIN) as kernel:
        clean = kernel.run(STATE)
    chance = set()
    for _ in range(3):  # the third is after two: what is left behind would stay
        with kitchen.kernel() as kernel:
            assert kernel.run(STATE) == clean
            chance.add(kernel.run("print(random.random())"))
            chance.add(kernel.run("print(numpy.random.random())"))
            kernel.run(POISON)
    assert len(chance) == 6


def test_one_that_nobody_uses_makes_room_for_another_and_one_in_use_does_not(
    own_kitchen, monkeypatch
):
    kinds = [Wanted((sys.executable,), (module,), folder=own_kitchen.sockets) for module in KINDS]
    environment = own_kitchen.environment()
    monkeypatch.setattr(launching, "MOST_ZYGOTES", 2)
    own_kitchen.write(["json"])
    with own_kitchen.kernel() as kernel:
        assert kernel.is_warm
        (used,) = own_kitchen.zygotes()
        prepare(kinds[0], environment)
        with pytest.raises(NoZygote, match="2 zygotes run already"):
            prepare(kinds[1], environment)
        monkeypatch.setattr(launching, "UNUSED_SECONDS", 0)
        before = set(own_kitchen.zygotes())
        prepare(kinds[1], environment)
        assert used in own_kitchen.zygotes() and len(own_kitchen.zygotes()) == 2
        assert set(own_kitchen.zygotes()) != before


def test_a_lock_that_nobody_gives_back_is_a_reason_for_an_ordinary_kernel(tmp_path):
    tmp_path.chmod(0o700)
    wanted = Wanted((sys.executable,), folder=tmp_path)
    with (
        FileLock(tmp_path / "start.lock"),
        pytest.raises(NoZygote, match=r"start\.lock"),
    ):
        prepare(wanted, dict(os.environ), seconds=0.2)
