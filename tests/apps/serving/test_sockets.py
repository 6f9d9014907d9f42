"""What a page may send to its kernel, on a started server; what it may not leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import websocket

from smup_lib.apps.serving.sockets import read_kind, split_frame
from tests.apps.app_server import AppServer
from tests.apps.serving.streaming import VIEW, state_of, wait_until
from tests.apps.serving.visiting import frame, kernel_of, open_socket, said_until

#: What a kernel says by itself while its page is still being drawn.
OWN = ("status", "comm_open", "comm_msg", "comm_close")
_RUN = {"code": "import os; os._exit(3)", "silent": False}


def _words(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(8, "little") for number in numbers)


REFUSED = {
    "code": frame("execute_request", _RUN),
    "completion": frame("complete_request", {"code": "import o", "cursor_pos": 8}),
    "inspection": frame("inspect_request", {"code": "open", "cursor_pos": 4}),
    "history": frame("history_request", {"hist_access_type": "tail", "n": 9}),
    "debugger": frame("debug_request", {"command": "attach"}, channel="control"),
    "code, control": frame("execute_request", _RUN, channel="control"),
    "end": frame("shutdown_request", {"restart": False}, channel="control"),
    "end, shell": frame("shutdown_request", {"restart": True}),
    "answer": frame("input_reply", {"value": "x"}, channel="stdin"),
    "interrupt": frame("interrupt_request", {}, channel="control"),
    "as if from the kernel": frame("status", {"execution_state": "dead"}, channel="iopub"),
    # the number of parts, which others believe and loop over
    "too many parts": _words(2**62) + b"x" * 64,
    "too few parts": _words(1, 16),
    "backwards": b"".join(n.to_bytes(8, "little") for n in (6, 56, 80, 60, 90, 95, 100))
    + b"x" * 44,
    "beyond the end": _words(6, 56, 60, 70, 80, 90, 10**9),
    "empty": b"",
    "no header": _words(6, 56, 61, 61, 61, 61, 61) + b"shell",
}


@pytest.fixture(scope="module")
def server(report_home_dir, repo_root) -> Iterator[AppServer]:
    with AppServer.running(report_home_dir, repo_root, "--visitors", "4") as running:
        wait_until(lambda: state_of(running)["warm"])
        running.get(VIEW)
        yield running


@pytest.fixture(scope="module")
def kernel_id(server) -> str:
    return kernel_of(server.get(VIEW).text)


@pytest.mark.parametrize("what", REFUSED)
def test_what_no_widget_says_reaches_no_kernel(server, kernel_id, what):
    socket = open_socket(server.root, kernel_id)
    socket.send_binary(REFUSED[what])
    socket.send_binary(frame("kernel_info_request", {}))
    said = said_until(socket, "kernel_info_reply")
    socket.close()
    assert set(said) <= {*OWN, "kernel_info_reply"}
    assert server.get(f"/api/kernels/{kernel_id}").status == 200


def test_text_instead_of_frames_is_passed_over(server, kernel_id):
    socket = open_socket(server.root, kernel_id)
    socket.send('{"channel": "shell", "header": {"msg_type": "execute_request"}}')
    socket.send_binary(frame("comm_info_request", {"target_name": "jupyter.widget"}))
    assert set(said_until(socket, "comm_info_reply")) <= {*OWN, "comm_info_reply"}
    socket.close()


def test_a_huge_message_ends_the_socket_and_not_the_kernel(server, kernel_id):
    socket = open_socket(server.root, kernel_id)
    # the server may hang up while the message is still being sent
    with pytest.raises((websocket.WebSocketException, OSError)):
        socket.send_binary(frame("comm_msg", {"data": "x" * 2**21}))
        while True:
            socket.recv_data()
    socket.close()
    assert server.get(f"/api/kernels/{kernel_id}").status == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"subprotocols": []},
        {"subprotocols": ["v0"]},
        {"origin": "https://evil.example"},
        {"host": "evil.example"},
    ],
)
def test_another_protocol_or_site_gets_no_socket(server, kernel_id, asked):
    address = f"ws{server.root[4:]}/api/kernels/{kernel_id}/channels"
    usual = {"subprotocols": ["v1.kernel.websocket.jupyter.org"]}
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(address, timeout=60, **{**usual, **asked})
    assert refused.value.status_code in (400, 403)


def test_a_frame_of_ours_is_read_as_it_was_written():
    written = frame("comm_msg", {"data": {}})
    parts = split_frame(written)
    assert parts is not None and parts[0] == b"shell" and len(parts) == 5
    assert read_kind(written) == "comm_msg"
    assert [read_kind(bad) for bad in (b"", b"x" * 7, REFUSED["too many parts"])] == [None] * 3
