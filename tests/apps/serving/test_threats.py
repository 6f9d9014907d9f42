"""What an ill-meaning visitor tries, on the really started server (``docs/serving.md``)."""

from __future__ import annotations

import ast
import json
import os
import re
import socket
import time
import uuid
from pathlib import Path
from urllib.parse import quote

import pytest
import websocket
from requests import Session
from tornado.web import StaticFileHandler

from smup_lib.apps.parts.link import read_link
from tests.apps.app_server import AppServer, free_port
from tests.apps.serving.streaming import state_of
from tests.apps.serving.visiting import (
    PATIENCE,
    ask_raw,
    frame,
    kernel_of,
    open_socket,
    said_until,
)

VIEW = "/voila/render/basic.ipynb?unit=9002&year=2020"
NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def page(app_server) -> str:
    return str(app_server.get(VIEW).text)


@pytest.fixture(scope="module")
def kernel(page) -> str:
    return kernel_of(page)


# -- sources, files, other notebooks -----------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/api/contents/basic.ipynb",
        "/api/sessions",
        "/api/kernelspecs",
        "/api/terminals",
        "/api/config/notebook",
        "/api/me",
        "/api/spec.yaml",
        "/lab",
        "/tree",
        "/notebooks/basic.ipynb",
        "/edit/basic.ipynb",
        "/files/basic.ipynb",
        "/nbconvert/html/basic.ipynb",
        "/terminals/websocket/1",
        "/static/favicon.ico",
        "/metrics",
        "/voila/files/basic.ipynb",
        "/voila/files/../smup_lib/verbs.py",
        "/voila/api/contents/basic.ipynb",
        "/voila/tree/..",
        "/dashboards/basic.ipynb",
        "/basic.ipynb",
    ],
)
def test_nothing_of_jupyter_is_there_but_what_a_page_needs(app_server, path):
    status, answer = ask_raw(app_server.root, path)
    assert status in (400, 403, 404, 405), answer[:300]
    assert b"open_app" not in answer and b"import smup_lib" not in answer


@pytest.mark.parametrize(
    "name",
    [
        "..%2F..%2Ftraining%2Fnotebooks%2F00_start_exercise.ipynb",
        "../notebooks/finance.ipynb",
        "..%2Fnotebooks%2Ffinance.ipynb",
        "%2e%2e/notebooks/finance.ipynb",
        "%2Fetc%2Fpasswd",
        "/etc/passwd",
        "....//notebooks/finance.ipynb",
        "basic.ipynb%00.html",
        "basic.ipynb/../../notebooks/finance.ipynb",
        ".ipynb_checkpoints/basic-checkpoint.ipynb",
        "BASIC.ipynb",
        "basic.py",
    ],
)
def test_no_notebook_but_the_apps_is_run(app_server, name):
    # not by its processes: the server may just be starting a zygote, or a page may end its kernel
    before = state_of(app_server)["visitors"]
    status, answer = ask_raw(app_server.root, f"/voila/render/{name}")
    assert status in (400, 403, 404), answer[:300]
    assert state_of(app_server)["visitors"] <= before


@pytest.mark.parametrize(
    "place", ["voila/templates/smup/static", "voila/static", "voila/labextensions", "voila/shared"]
)
@pytest.mark.parametrize(
    "path",
    [
        "../../../../../../../../etc/passwd",
        "..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/%2e%2e/voila.json",
        "..\\..\\voila.json",
        "/etc/passwd",
        "../index.html.j2",
        "..",
        ".",
    ],
)
def test_no_path_leaves_the_folder_of_static_files(app_server, place, path):
    status, answer = ask_raw(app_server.root, f"/{place}/{path}")
    assert status in (301, 400, 403, 404, 500), (status, answer[:300])
    assert b"root:x:" not in answer and b"Content-Security-Policy" not in answer
    assert b"cell_generator" not in answer


# -- kernels -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        ("execute_request", "shell"),
        ("execute_request", "control"),
        ("complete_request", "shell"),
        ("inspect_request", "shell"),
        ("history_request", "shell"),
        ("debug_request", "control"),
        ("input_reply", "stdin"),
    ],
)
def test_no_code_reaches_the_kernel_through_its_socket(app_server, kernel, tmp_path, kind, channel):
    mark = tmp_path / "was-here"
    code = f"open({str(mark)!r}, 'w').close()"
    content = {"code": code, "silent": False, "cursor_pos": 2, "value": code, "command": "evaluate"}
    channels = open_socket(app_server.root, kernel)
    channels.send_binary(frame(kind, content, channel))
    # whatever was sent before has been dealt with when this is answered
    channels.send_binary(frame("kernel_info_request", {}))
    said = said_until(channels, "kernel_info_reply")
    channels.close()
    assert kind.replace("request", "reply") not in said
    assert "execute_result" not in said and not mark.exists()


def test_the_socket_cannot_end_a_kernel(app_server, kernel):
    channels = open_socket(app_server.root, kernel)
    channels.send_binary(frame("shutdown_request", {"restart": False}, "control"))
    channels.send_binary(frame("shutdown_request", {"restart": True}))
    channels.send_binary(frame("interrupt_request", {}, "control"))
    channels.send_binary(frame("kernel_info_request", {}))
    said = said_until(channels, "kernel_info_reply")
    channels.close()
    assert not {"shutdown_reply", "interrupt_reply"} & set(said)


@pytest.mark.parametrize("sent", ["{", "[]", "x" * 2_000_000, json.dumps({"channel": "shell"})])
def test_nonsense_on_the_socket_harms_nobody(app_server, kernel, sent):
    channels = open_socket(app_server.root, kernel)
    for bad in (sent.encode(), (2**62).to_bytes(8, "little") + b"x", b""):
        try:
            channels.send_binary(bad)
            channels.send(sent)
        except (websocket.WebSocketException, OSError):
            break
    channels.close()
    assert app_server.get("/").status == 200
    again = open_socket(app_server.root, kernel)
    again.send_binary(frame("kernel_info_request", {}))
    said_until(again, "kernel_info_reply")
    again.close()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/kernels"),
        ("GET", "/api/kernels/"),
        ("POST", "/api/kernels"),
        ("POST", "/api/sessions"),
        ("POST", "/api/kernels/{kernel}/restart"),
        ("POST", "/api/kernels/{kernel}/interrupt"),
        ("DELETE", "/api/kernels/{kernel}"),
        ("PATCH", "/api/kernels/{kernel}"),
    ],
)
def test_kernels_are_neither_listed_nor_started_nor_ended_by_request(
    app_server, kernel, method, path
):
    before = [process.pid for process in app_server.kernels()]
    status, answer = ask_raw(app_server.root, path.format(kernel=kernel), method)
    assert status in (403, 404, 405), answer[:300]
    assert kernel.encode() not in answer
    assert [process.pid for process in app_server.kernels()] == before


def test_kernels_cannot_be_guessed(app_server, kernel):
    other = kernel_of(app_server.get(VIEW).text)
    assert other != kernel
    assert {uuid.UUID(one).version for one in (kernel, other)} == {4}
    for guess in (NOBODYS, kernel[:-1] + ("0" if kernel[-1] != "0" else "1")):
        assert app_server.get(f"/api/kernels/{guess}").status == 404
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            open_socket(app_server.root, guess)
        assert refused.value.status_code in (403, 404)


def test_a_page_names_its_own_kernel_only(app_server, kernel):
    other = app_server.get(VIEW)
    assert kernel not in other.text and kernel not in str(other.headers)
    state = app_server.get("/voila/state")
    assert kernel not in state.text


# -- other sites -------------------------------------------------------------------------


def test_another_site_cannot_open_a_socket(app_server, kernel):
    for origin in ("https://evil.example", "http://127.0.0.1:1", "null"):
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            open_socket(app_server.root, kernel, origin=origin)
        assert refused.value.status_code == 403
    open_socket(app_server.root, kernel, origin=app_server.root).close()


def test_another_site_cannot_end_a_session(app_server):
    session = Session()
    kernel = kernel_of(session.get(f"{app_server.root}{VIEW}", timeout=PATIENCE).text)
    address = f"{app_server.root}/voila/api/shutdown/{kernel}"
    assert session.post(address, timeout=PATIENCE).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    token = session.cookies["_xsrf"]
    sent = session.post(address, params={"_xsrf": token}, headers=foreign, timeout=PATIENCE)
    assert sent.status_code in (403, 404)
    assert app_server.get(f"/api/kernels/{kernel}").status == 200
    own = session.post(address, params={"_xsrf": token}, timeout=PATIENCE)
    assert own.status_code == 204
    assert app_server.get(f"/api/kernels/{kernel}").status == 404


@pytest.mark.parametrize("path", ["/", VIEW, "/nothing", "/voila/state"])
def test_no_other_site_may_frame_or_read_a_page(app_server, path):
    headers = app_server.get(path, {"Origin": "https://evil.example"}).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert not [name for name in headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("path", ["/", VIEW, "/voila/state", f"/api/kernels/{NOBODYS}"])
def test_a_name_that_was_bent_to_this_computer_is_refused(app_server, path):
    assert ask_raw(app_server.root, path, headers={"Host": "evil.example"})[0] == 403


def test_a_socket_under_a_bent_name_is_refused(app_server, kernel):
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        open_socket(app_server.root, kernel, host="evil.example", origin="http://evil.example")
    assert refused.value.status_code == 403


# -- links -------------------------------------------------------------------------------

SCRIPT = "<script>alert(document.domain)</script>"


@pytest.mark.parametrize(
    "query",
    [
        f"unit={quote(SCRIPT)}",
        f"area={quote(SCRIPT)}&year={quote(SCRIPT)}",
        f"{quote(SCRIPT)}=1",
        "unit=%22%20onmouseover=alert(1)%20x=%22",
        "unit=../../../../etc/passwd",
        "unit=javascript:alert(1)",
        "&".join(f"unit={number}" for number in range(500)),
        "unit=9002&unit=" + quote(SCRIPT),
        "unit=%00%0d%0aSet-Cookie:x=1",
        "unit=%ff%fe",
        "group=chosen:@..%2F..%2Fetc%2Fpasswd",
        "year=99999999999999999999",
    ],
)
def test_a_hostile_link_gets_a_page_without_its_words(app_server, query):
    answer = app_server.get(f"/voila/render/basic.ipynb?{query}")
    assert answer.status == 200
    assert "Set-Cookie: x" not in str(answer.headers)
    for written in (SCRIPT, "alert(", "onmouseover=", "root:x:", "Traceback"):
        assert written not in answer.text
    assert "data-smup-failed" not in answer.text


def test_a_link_of_ten_kilobytes_is_answered_without_a_kernel_or_in_words(app_server):
    before = len(app_server.kernels())
    answer = app_server.get(f"/voila/render/basic.ipynb?unit={'9' * 10_000}")
    assert answer.status in (200, 414)
    assert '<html lang="pl">' in answer.text and "9" * 500 not in answer.text
    if answer.status == 414:
        assert len(app_server.kernels()) == before


@pytest.mark.parametrize(
    "query", ["template=lab", "template=../../etc", "theme=../../etc", "theme=%3Cscript%3E"]
)
def test_no_link_chooses_template_or_theme(app_server, query):
    answer = app_server.get(f"/voila/render/basic.ipynb?{query}&unit=9002")
    assert answer.status == 200
    assert "smup-skeleton" in answer.text and 'data-jp-theme-name="JupyterLab Light"' in answer.text


@pytest.mark.parametrize("name", ["@../../etc/passwd", "@a/b", "@.hidden", "@x\0y", "@" + "x" * 99])
def test_a_saved_group_is_a_name_and_never_a_path(name):
    link, told = read_link(f"group=chosen:{quote(name)}")
    assert link.group is None and len(told) == 1
    assert "etc" not in told[0]


# -- too much ----------------------------------------------------------------------------


def test_a_large_body_is_refused(app_server):
    with socket.create_connection(address_of(app_server), timeout=PATIENCE) as client:
        size = 50_000_000
        client.sendall(
            f"POST /voila/api/shutdown/{NOBODYS} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Length: {size}\r\n\r\n".encode()
        )
        # refused by what it says of its length: nothing is read into memory
        assert client.recv(1000)[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 413", b"")


def test_slow_visitors_do_not_keep_others_waiting(app_server):
    slow = [socket.create_connection(address_of(app_server), PATIENCE) for _ in range(100)]
    try:
        for client in slow:
            client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        began = time.monotonic()
        assert app_server.get("/").status == 200
        assert time.monotonic() - began < 5
    finally:
        for client in slow:
            client.close()


def address_of(server: AppServer) -> tuple[str, int]:
    host, port = server.root.removeprefix("http://").split(":")
    return host, int(port)


# -- who is told what --------------------------------------------------------------------


def test_the_log_names_nobody_and_no_link(report_home_dir, repo_root):
    server = AppServer.start(report_home_dir, repo_root)
    try:
        agent = {"User-Agent": "telling-agent", "Referer": "http://127.0.0.1/secret-referer"}
        for path in (VIEW, f"{VIEW}&unit=<b>", "/nothing?unit=9063", "/api/kernels?unit=9063"):
            server.get(path, agent)
        server.get("/?unit=9063", {"Host": "evil.example", **agent})
        kernel = kernel_of(server.get(VIEW, agent).text)
        with pytest.raises(websocket.WebSocketBadStatusException):
            open_socket(server.root, kernel, origin="https://evil.example")
        ask_raw(server.root, f"/voila/api/shutdown/{kernel}?unit=9063", "POST", agent)
    finally:
        said = server.stop()
    for word in ("unit=", "9063", "telling-agent", "secret-referer", "127.0.0.1", kernel):
        assert word not in said, said


def test_every_rule_asks_who_comes(report_home_dir, repo_root, monkeypatch):
    """What answers without the question is code of the pages; nothing else may be added so."""
    from smup_lib.apps.serving.entrance import Entrance
    from smup_lib.apps.serving.options import Serving
    from smup_lib.apps.serving.server import make_server

    monkeypatch.setenv("SMUP_HOME", str(report_home_dir))
    monkeypatch.setitem(os.environ, "JUPYTER_PATH", os.environ.get("JUPYTER_PATH", ""))
    entrance = Entrance(password="argon2:$argon2id$none")
    server = make_server(Serving(port=free_port(), entrance=entrance, warm=False))
    server.connection_dir = str(report_home_dir)
    server.init_settings()
    rules = server.init_handlers()
    plain = {rule[0] for rule in rules if not hasattr(rule[1], "identity_provider")}
    assert {rule[0] for rule in rules if issubclass(rule[1], StaticFileHandler)} >= plain
    assert plain == {
        "/voila/shared/(tables\\.js)",
        "/voila/static/(.*)",
        "/voila/templates/(.*)",
    }
    open_to_all = {
        rule[0]
        for rule in rules
        for method in ("get", "post", "put", "delete", "patch")
        if getattr(getattr(rule[1], method, None), "__allow_unauthenticated", False)
    }
    assert open_to_all == {"/login", "/logout", "/voila/labextensions/(.*)"}


def test_each_threat_of_the_table_names_a_test_that_is_there(repo_root: Path):
    table = (repo_root / "docs" / "serving.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", table)
    assert len(named) >= 20
    missing = []
    for path, name in named:
        file = repo_root / path
        tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.parse("")
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        if name not in functions:
            missing.append(f"{path}::{name}")
    assert not missing
    rows = [line for line in table.splitlines() if line.startswith("| ") and "---" not in line]
    threats = [row for row in rows[1:] if "::" in row]
    assert len(threats) >= 17
