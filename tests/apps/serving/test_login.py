"""With a password nothing of the pages is seen before it is given; on the really started server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import websocket
from requests import Response, Session

from smup_lib.apps.serving.attempts import FREE
from smup_lib.apps.serving.fallback import ADDRESS, write_fallback
from smup_lib.apps.serving.password import write_password
from smup_lib.reports.batch.order import simple_order
from smup_lib.reports.batch.run import run_batch
from tests.apps.app_server import AppServer
from tests.apps.serving.visiting import (
    PATIENCE,
    frame,
    kernel_of,
    open_socket,
    said_until,
    widget_states,
)

PASSWORD = "sala numer trzy"
VIEW = "/voila/render/basic.ipynb?unit=9002"


@pytest.fixture(scope="module")
def copy(report_home, tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("copy")
    run_batch(simple_order(["kultura"], ["9002"], 2022), folder)
    write_fallback(folder)
    (folder / "strona" / "tajne.html").symlink_to(folder / "manifest.jsonl")
    return folder


@pytest.fixture(scope="module")
def locked(report_home_dir, repo_root, copy, tmp_path_factory) -> Iterator[AppServer]:
    file = tmp_path_factory.mktemp("password") / "haslo"
    write_password(file, PASSWORD)
    options = ("--password-file", str(file), "--fallback", str(copy))
    with AppServer.running(report_home_dir, repo_root, *options) as server:
        yield server


def log_in(server: AppServer, password: str = PASSWORD, **fields: str) -> tuple[Session, Response]:
    """Send the form of the page as a browser does."""
    session = Session()
    page = session.get(f"{server.root}/login", timeout=PATIENCE)
    token = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
    assert token, page.text[-2000:]
    form = {"_xsrf": token[1], "password": password, **fields}
    sent = session.post(f"{server.root}/login", data=form, allow_redirects=False, timeout=PATIENCE)
    return session, sent


@pytest.fixture(scope="module")
def inside(locked) -> tuple[Session, str]:
    """A visitor who has given the password, and the kernel of the page that they have opened."""
    session, sent = log_in(locked)
    assert sent.status_code == 302
    page = session.get(f"{locked.root}{VIEW}", timeout=PATIENCE)
    assert page.status_code == 200
    return session, kernel_of(page.text)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        VIEW,
        "/voila/tree",
        f"/{ADDRESS}",
        f"/{ADDRESS}jednostka/9002.html",
        "/voila/files/basic.ipynb",
        "/api/kernels/00000000-0000-0000-0000-000000000000",
    ],
)
def test_without_the_cookie_every_page_leads_to_the_login(locked, path):
    answer = Session().get(f"{locked.root}{path}", allow_redirects=False, timeout=PATIENCE)
    assert answer.status_code in (302, 403)
    assert answer.headers.get("Location", "/login").startswith("/login")
    assert "smup-skeleton" not in answer.text


def test_without_the_cookie_nothing_is_read_or_ended(locked, inside):
    """What is open is the code of Voilà and of our pages, which everybody may have anyway."""
    for path in ("/voila/static/voila.js", "/voila/shared/tables.js"):
        assert Session().get(f"{locked.root}{path}", timeout=PATIENCE).status_code in (200, 404)
    closed = ["/voila/api/shutdown/x", f"/voila/api/shutdown/{inside[1]}", f"/{ADDRESS}index.html"]
    for path in closed:
        for method in ("POST", "DELETE", "PUT", "PATCH"):
            answer = Session().request(method, f"{locked.root}{path}", timeout=PATIENCE)
            assert answer.status_code in (403, 404, 405), (method, path)


def test_without_the_cookie_no_websocket_opens(locked, inside):
    session, kernel = inside
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        open_socket(locked.root, kernel)
    assert refused.value.status_code == 403
    channels = open_socket(locked.root, kernel, cookie=jar_of(session))
    channels.send_binary(frame("kernel_info_request", {}))
    assert said_until(channels, "kernel_info_reply")
    channels.close()


def test_who_shares_a_server_starts_and_saves_nothing(locked, inside):
    """The desk starts programs where one person works alone; a hidden button can still be sent."""
    session, _ = inside
    page = session.get(f"{locked.root}/voila/render/desk.ipynb", timeout=PATIENCE).text
    channels = open_socket(locked.root, kernel_of(page), cookie=jar_of(session))
    states = widget_states(channels)
    assert any("Ten serwer odwiedza wiele osób" in str(one.get("value")) for one in states.values())
    buttons = [name for name, one in states.items() if one.get("description") == "Tak, zrób to"]
    assert len(buttons) == 2
    for name in buttons:
        click = {"method": "custom", "content": {"event": "click"}}
        channels.send_binary(frame("comm_msg", {"comm_id": name, "data": click}))
    after = [str(one.get("value")) for one in widget_states(channels).values()]
    channels.close()
    assert sum("Ten serwer odwiedza wiele osób" in text for text in after) == 3
    assert not any("Partia ruszyła" in text or "Bieżący stan" in text for text in after)


def jar_of(session: Session) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)


def test_with_the_cookie_pages_and_the_copy_open(locked, inside):
    session, _ = inside
    listed = session.get(f"{locked.root}/", timeout=PATIENCE)
    assert listed.status_code == 200 and "basic.ipynb" in listed.text
    unit = session.get(f"{locked.root}/{ADDRESS}jednostka/9002.html", timeout=PATIENCE)
    assert unit.status_code == 200 and "raport" in unit.text
    first = session.get(f"{locked.root}/{ADDRESS}", timeout=PATIENCE)
    assert "Kopia bez serwera" in first.text


@pytest.mark.parametrize(
    "path",
    ["tajne.html", "../manifest.jsonl", "..%2Fmanifest.jsonl", "%2e%2e/manifest.csv", "raporty/",
     "raporty", ".git", "/etc/passwd", "wspolne/../../zlecenie-partii.yaml"],
)  # fmt: skip
def test_the_copy_shows_its_own_files_only(locked, inside, path):
    import http.client

    session, _ = inside
    connection = http.client.HTTPConnection(locked.root.removeprefix("http://"), timeout=PATIENCE)
    connection.request("GET", f"/{ADDRESS}{path}", headers={"Cookie": jar_of(session)})
    answer = connection.getresponse()
    assert answer.status in (400, 403, 404)
    assert b"manifest" not in answer.read().replace(b"manifest.webmanifest", b"")
    connection.close()


def test_the_cookie_is_hidden_from_scripts_and_from_other_sites(locked):
    _, sent = log_in(locked)
    cookie = sent.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower()
    assert "expires" not in cookie.lower()
    assert PASSWORD not in cookie


def test_a_forged_or_changed_cookie_is_refused(locked):
    session, _ = log_in(locked)
    name = next(cookie.name for cookie in session.cookies if cookie.name.startswith("username"))
    for value in ("x", "2|1:0|10:1|5:x|4:e30=|" + "0" * 64):
        answer = Session().get(
            f"{locked.root}/", cookies={name: value}, allow_redirects=False, timeout=PATIENCE
        )
        assert answer.status_code == 302


def test_the_form_needs_its_token(locked):
    answer = Session().post(f"{locked.root}/login", data={"password": PASSWORD}, timeout=PATIENCE)
    assert answer.status_code == 403


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_login_leads_to_this_server_only(locked, there):
    _, sent = log_in(locked, next=there)
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/") and "//" not in sent.headers["Location"][:2]
    assert "\\" not in sent.headers["Location"]


def test_a_wrong_password_is_told_in_polish(locked):
    _, sent = log_in(locked, "Sala numer trzy")
    assert sent.status_code == 401
    assert "To nie jest to hasło" in sent.text and 'role="alert"' in sent.text
    assert "username" not in sent.headers.get("Set-Cookie", "")


def test_logging_out_takes_the_cookie_back(locked):
    session, _ = log_in(locked)
    page = session.get(f"{locked.root}/logout", timeout=PATIENCE).text
    token = re.search(r'name="_xsrf" value="([^"]+)"', page)
    assert token and "Wylogować" in page
    after = session.post(f"{locked.root}/logout", data={"_xsrf": token[1]}, timeout=PATIENCE)
    assert "nie jest zalogowana" in after.text
    again = session.get(f"{locked.root}/", allow_redirects=False, timeout=PATIENCE)
    assert again.status_code == 302


def test_guessing_must_wait_longer_and_longer(locked):
    """Stands last: afterwards nobody of this address gets in for a while."""
    answers = [log_in(locked, f"zgaduję {number}")[1] for number in range(FREE + 3)]
    late = [answer for answer in answers if answer.status_code == 429]
    assert late and int(late[-1].headers["Retry-After"]) >= 1
    assert "Za dużo nieudanych prób" in late[-1].text
    assert log_in(locked)[1].status_code == 429


def test_without_a_password_there_is_no_login_and_no_cookie(app_server):
    assert Session().get(f"{app_server.root}/login", timeout=PATIENCE).status_code == 404
    session = Session()
    assert session.get(f"{app_server.root}/", timeout=PATIENCE).status_code == 200
    assert {cookie.name for cookie in session.cookies} <= {"_xsrf"}
