"""Kernels die, pages are left, phones sleep: no request hangs, and nothing stays behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest
import requests
import websocket

from tests.apps.app_server import AppServer
from tests.apps.serving.streaming import VIEW, Page, readers, state_of, wait_until
from tests.apps.serving.visiting import frame, kernel_of, open_socket, said_until

FAILED = "Strony nie udało się przygotować."
#: Until the page says that its kernel is lost; a visitor waits that long.
SOON = 30.0


@pytest.fixture(scope="module")
def server(report_home_dir, repo_root) -> Iterator[AppServer]:
    with AppServer.running(report_home_dir, repo_root, "--visitors", "8") as running:
        wait_until(lambda: state_of(running)["warm"])
        running.get(VIEW)
        yield running


@pytest.fixture(scope="module")
def hasty(report_home_dir, repo_root) -> Iterator[AppServer]:
    """A server that waits for a lost page for five seconds."""
    with AppServer.serving(
        report_home_dir, repo_root, leave_seconds=5.0, look_seconds=1, visitors=8
    ) as running:
        wait_until(lambda: state_of(running)["warm"])
        running.get(VIEW)
        yield running


def is_told(page: Page) -> None:
    page.wait_until_whole()
    assert page.status == 200
    assert FAILED in page.text and 'role="alert"' in page.text
    assert "otwórz ten widok ponownie" in page.text
    assert "smup-complete" in page.text and "Traceback" not in page.text


def killed(kernel: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        kernel.kill()
    assert psutil.wait_procs([kernel], timeout=60)[1] == []


def test_kernels_killed_while_they_start_are_told_in_the_page(server):
    """The forked one, and the ordinary one that is started in its place."""
    before = {kernel.pid for kernel in server.kernels()}
    ended: list[psutil.Process] = []

    def kill_the_new_ones(page: Page) -> bool:
        new = [kernel for kernel in server.kernels() if kernel.pid not in before]
        for kernel in new:
            killed(kernel)
        ended.extend(new)
        return page.whole

    with readers(server) as begin:
        page = begin()
        wait_until(lambda: kill_the_new_ones(page))
        is_told(page)
    assert ended
    assert "jupyter-config-data" not in page.text
    assert page.seconds < SOON
    wait_until(lambda: state_of(server)["visitors"] == len(before))


def test_a_kernel_killed_in_a_cell_is_told_in_the_page(server):
    before = {kernel.pid for kernel in server.kernels()}
    with readers(server) as begin:
        page = begin()
        page.wait_for("jupyter-config-data")
        killed(next(kernel for kernel in server.kernels() if kernel.pid not in before))
        is_told(page)
    assert page.seconds < SOON
    wait_until(lambda: state_of(server)["visitors"] == len(before))


def test_an_open_page_is_told_that_its_kernel_has_died_and_it_is_not_started_anew(server):
    before = {kernel.pid for kernel in server.kernels()}
    kernel_id = kernel_of(server.get(VIEW).text)
    socket = open_socket(server.root, kernel_id)
    killed(next(kernel for kernel in server.kernels() if kernel.pid not in before))
    while b'"execution_state": "dead"' not in (said := socket.recv()):
        assert b"restarting" not in said
    socket.close()
    wait_until(lambda: server.get(f"/api/kernels/{kernel_id}").status == 404)
    assert {kernel.pid for kernel in server.kernels()} == before
    with pytest.raises(websocket.WebSocketBadStatusException):
        open_socket(server.root, kernel_id)


def test_a_visitor_who_leaves_before_the_page_is_ready_leaves_no_kernel(server):
    before = state_of(server)["visitors"]
    with requests.get(server.root + VIEW, stream=True, timeout=60) as answer:
        for piece in answer.iter_content(chunk_size=None):
            if b"jupyter-config-data" in piece:
                kernel = server.kernels()[-1]
                kernel.send_signal(signal.SIGSTOP)  # so that the cell cannot end before he leaves
                break
    wait_until(lambda: state_of(server)["visitors"] == before)
    assert psutil.wait_procs([kernel], timeout=60)[1] == []


def test_visitors_who_leave_early_leave_no_connections_to_their_kernels(server):
    def leave_early() -> None:
        with requests.get(server.root + VIEW, stream=True, timeout=60) as answer:
            for piece in answer.iter_content(chunk_size=None):
                if b"jupyter-config-data" in piece:
                    return

    def open_files() -> int:
        return psutil.Process(server.process.pid).num_fds()

    before = state_of(server)["visitors"]
    leave_early()
    wait_until(lambda: state_of(server)["visitors"] == before)
    one = open_files()
    for _ in range(4):
        leave_early()
    wait_until(lambda: state_of(server)["visitors"] == before)
    # a page took a dozen of them and never gave them back
    wait_until(lambda: open_files() < one + 12)


def test_a_kernel_waits_for_a_page_that_comes_back_and_ends_when_none_does(hasty):
    kernel_id = kernel_of(hasty.get(VIEW).text)
    asleep = open_socket(hasty.root, kernel_id)
    asleep.close()
    awake = open_socket(hasty.root, kernel_id)
    awake.send_binary(frame("kernel_info_request", {}))
    assert said_until(awake, "kernel_info_reply")
    # a page that never comes is waited for as long; this one is here
    gone = kernel_of(hasty.get(VIEW).text)
    wait_until(lambda: hasty.get(f"/api/kernels/{gone}").status == 404)
    assert hasty.get(f"/api/kernels/{kernel_id}").status == 200
    awake.close()
    wait_until(lambda: hasty.get(f"/api/kernels/{kernel_id}").status == 404)
    wait_until(lambda: not hasty.kernels())
    assert state_of(hasty)["visitors"] == 0


def test_a_page_that_nobody_uses_ends_although_it_is_open(report_home_dir, repo_root):
    with AppServer.serving(
        report_home_dir, repo_root, idle_seconds=2, look_seconds=1, visitors=8
    ) as server:
        kernel_id = kernel_of(server.get(VIEW).text)
        socket = open_socket(server.root, kernel_id)
        wait_until(lambda: server.get(f"/api/kernels/{kernel_id}").status == 404)
        # what the script of the page understands as the end of the session
        wait_until(lambda: b"shutdown_reply" in (said := socket.recv()) or b"dead" in said)
        socket.close()


def test_a_signal_for_a_kernel_without_a_group_of_its_own_spares_its_launcher(repo_root):
    """A kernel killed before it has a group of its own stands in that of the server."""
    code = """
import asyncio, subprocess, sys
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import local_provisioner
from smup_lib.kernels.provisioner import ZygoteProvisioner

async def kill():
    # a child that stays in the group of its parent, as one does that has not come to exec
    local_provisioner.launch_kernel = lambda cmd, **kwargs: subprocess.Popen(cmd)
    spec = KernelSpec(argv=[sys.executable])
    kernel = ZygoteProvisioner(kernel_id="1", kernel_spec=spec, parent=None)
    await kernel.launch_kernel([sys.executable, "-c", "input()"], env={})
    await kernel.kill()
    return await kernel.wait()

print("ended with", asyncio.run(kill()))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        cwd=repo_root, start_new_session=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("ended with"), done.stderr[-1500:]
    assert done.returncode == 0
