"""Start the apps behind nginx and under JupyterHub on this computer, and use them in a browser.

    python deploy/try_deploy.py --hub-python VENV/bin/python --proxy PATH/configurable-http-proxy

The configurations of this folder are used as they stand but for ports, paths and the way to log in
to the hub. Everything listens on 127.0.0.1 and is ended with the script. The answer is a line a
check, and 1 when one has failed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
NAME = "smup.example.pl"
PASSWORD = "hub na próbę"
START_SECONDS, END_SECONDS = 240, 30
VIEW = "voila/render/basic.ipynb?unit=9002&year=2021"


def main() -> int:
    """Try both ways, each whole before the next."""
    asked = read_arguments()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="smup-") as folder:
        root = Path(folder)
        for way in (try_nginx, try_hub):
            try:
                way(asked, root)
            except Exception as error:  # the other way is still worth knowing
                failed += 1
                print(f"FAILED {way.__name__}: {type(error).__name__}: {error}", flush=True)
    return 1 if failed else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=9220, help="the first of six that are used")
    parser.add_argument("--nginx", default=shutil.which("nginx") or "/usr/sbin/nginx")
    parser.add_argument("--hub-python", help="with jupyterhub and smup_lib; without it no hub")
    parser.add_argument("--proxy", default="configurable-http-proxy")
    parser.add_argument("--browser", default=shutil.which("chromium"))
    parser.add_argument("--fallback", type=Path, help="from: smup apps fallback")
    return parser.parse_args()


def try_nginx(asked: argparse.Namespace, root: Path) -> None:
    """Open a page through nginx, click, then stop the server and see what nginx says."""
    inner, outer = asked.port, asked.port + 1
    public = f"http://{NAME}:{outer}/"
    options = ["--port", str(inner), "--public-url", public]
    if asked.fallback:
        options += ["--fallback", str(asked.fallback)]
    config = write_nginx(root, inner, outer, asked.fallback)
    with ExitStack() as started:
        server = started.enter_context(
            running(serve_command(sys.executable, *options), root / "server.log")
        )
        wait_for(f"http://127.0.0.1:{inner}/", server, root / "server.log")
        command = [
            asked.nginx,
            "-c",
            str(config),
            "-e",
            str(root / "nginx.log"),
            "-g",
            "daemon off;",
        ]
        proxy = started.enter_context(running(command, root / "nginx.out"))
        wait_for(f"http://127.0.0.1:{outer}/", proxy, root / "nginx.log")
        page = started.enter_context(browser_page(asked.browser))
        use_app(page, public + VIEW, "nginx")
        check("nginx: another host name is refused", status_of(outer, "evil.example") == 403)
        check("nginx: pages are compressed", encoding_of(outer) == "gzip")
        end(server)
        page.goto(public + VIEW)
        check("nginx: a server that is down is told in Polish", "nie odpowiada" in page.content())
        if asked.fallback:
            page.get_by_role("link", name="Gotowe raporty").click()
            page.get_by_role("link", name="Podstawowy").click()
            check(
                "nginx: the copy opens without the server", "Z kiedy są te dane" in page.content()
            )
            page.get_by_role("link", name="Spróbuj otworzyć").click()
            check("nginx: the copy leads back", page.url.startswith(f"{public}voila/render/basic"))
    log = (root / "access.log").read_text(encoding="utf-8")
    check(
        "nginx: the log names no address and no query",
        "127.0.0.1" not in log and "unit=" not in log,
    )


def write_nginx(root: Path, inner: int, outer: int, fallback: Path | None) -> Path:
    """Write our site into a whole configuration that needs no rights of the system."""
    site = (HERE / "nginx" / "smup.conf").read_text(encoding="utf-8")
    changes = {
        "127.0.0.1:8866": f"127.0.0.1:{inner}",
        "listen 80;": f"listen 127.0.0.1:{outer};",
        "/var/log/nginx/smup.log": str(root / "access.log"),
        "/var/log/nginx/smup-error.log": str(root / "error.log"),
        "/srv/smup/zapas/strona/": f"{(fallback or root).resolve()}/strona/",
        "/srv/smup/nginx": str(HERE / "nginx"),
    }
    for before, after in changes.items():
        assert before in site, before
        site = site.replace(before, after)
    spare = "".join(
        f"{name}_temp_path {root / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (root / "site.conf").write_text(site, encoding="utf-8")
    config = root / "nginx.conf"
    config.write_text(
        f"worker_processes 1;\npid {root / 'nginx.pid'};\n"
        "events { worker_connections 512; }\n"
        f"http {{\ninclude /etc/nginx/mime.types;\n{spare}include {root / 'site.conf'};\n}}\n",
        encoding="utf-8",
    )
    return config


def try_hub(asked: argparse.Namespace, root: Path) -> None:
    """Log in to the hub, open a page of its service, click, and be refused without the login."""
    if not asked.hub_python:
        print("hub: not tried, no --hub-python", flush=True)
        return
    outer = asked.port + 2
    address = f"http://127.0.0.1:{outer}"
    config = root / "jupyterhub_config.py"
    text = (HERE / "jupyterhub" / "jupyterhub_config.py").read_text(encoding="utf-8")
    for before, after in {
        '"http://127.0.0.1:8000"': f'"{address}"',
        '"http://127.0.0.1:8867"': f'"http://127.0.0.1:{asked.port + 3}"',
        'authenticator_class = "pam"': 'authenticator_class = "dummy"',
    }.items():
        assert before in text, before
        text = text.replace(before, after)
    text += f"""
c.DummyAuthenticator.password = {PASSWORD!r}
c.ConfigurableHTTPProxy.command = [{asked.proxy!r}]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{asked.port + 4}"
c.JupyterHub.hub_port = {asked.port + 5}
c.JupyterHub.db_url = "sqlite:///{root}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{root}/cookie_secret"
"""
    config.write_text(text, encoding="utf-8")
    service = f"{address}/services/aplikacje/"
    with ExitStack() as started:
        command = [asked.hub_python, "-m", "jupyterhub", "-f", str(config)]
        hub = started.enter_context(running(command, root / "hub.log"))
        wait_for(f"{address}/hub/login", hub, root / "hub.log")
        wait_for(service, hub, root / "hub.log")
        page = started.enter_context(browser_page(asked.browser))
        page.goto(service + VIEW)
        asked_in = page.locator("#username_input").count() == 1
        check("hub: a stranger is asked to log in", asked_in)
        page.locator("#username_input").fill("urzednik")
        page.locator("#password_input").fill(PASSWORD)
        page.locator("#login_submit").click()
        page.wait_for_url("**/services/aplikacje/**")
        use_app(page, service + VIEW, "hub")


def use_app(page: Page, address: str, way: str) -> None:
    """Open the basic app as a person would, and change the year: the kernel must answer."""
    sockets: list[str] = []
    faults: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    began = time.monotonic()
    page.goto(address, wait_until="commit")
    page.locator(".smup-skeleton").first.wait_for(state="attached")
    shape = time.monotonic() - began
    page.locator("body.smup-ready").wait_for(timeout=START_SECONDS * 1000)
    whole = time.monotonic() - began
    check(f"{way}: the page opens (shape {shape:.1f} s, whole {whole:.1f} s)", True)
    check(f"{way}: a websocket is open", any("/channels" in address for address in sockets))
    page.get_by_label("Rok").select_option(label="2019")
    page.locator(".smup-bar", has_text="2019").wait_for(timeout=START_SECONDS * 1000)
    check(f"{way}: the kernel answers a click", True)
    check(f"{way}: the browser complains of nothing {faults[:3] or ''}", not faults)


def serve_command(python: str, *options: str) -> list[str]:
    return [python, "-m", "smup_lib.cli", "apps", "serve", "--no-open", *options]


def check(what: str, held: bool) -> None:
    """Say what was seen; the first that does not hold ends the way."""
    if not held:
        raise AssertionError(what)
    print(f"ok     {what}", flush=True)


def status_of(port: int, host: str) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def encoding_of(port: int) -> str | None:
    headers = {"Host": f"{NAME}:{port}", "Accept-Encoding": "gzip"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers=headers)
    with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
        found: str | None = answer.headers["Content-Encoding"]
        return found


@contextmanager
def browser_page(chromium: str) -> Iterator[Page]:
    """Yield a page of a browser that finds our host name on this computer."""
    with sync_playwright() as players:
        rule = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
        browser = players.chromium.launch(executable_path=chromium, args=["--no-sandbox", rule])
        page = browser.new_page()
        page.set_default_timeout(START_SECONDS * 1000)
        yield page
        browser.close()


@contextmanager
def running(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a session of its own, and end it with all that it has started."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT if "smup_lib.cli" in process.args else signal.SIGTERM)
        try:
            process.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=END_SECONDS)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until there is an answer of the page's own, while its program lives."""

    def answers() -> bool:
        try:
            urllib.request.urlopen(address, timeout=START_SECONDS).close()
        except urllib.error.HTTPError as error:
            return error.code not in (404, 502, 503, 504)
        except OSError:
            return False
        return True

    until(lambda: process.poll() is not None or answers())
    if process.poll() is not None:
        raise RuntimeError(log.read_text(encoding="utf-8")[-2000:])


def until(holds: Callable[[], bool]) -> None:
    last = time.monotonic() + START_SECONDS
    while not holds():
        if time.monotonic() > last:
            raise TimeoutError(f"{START_SECONDS} s were not enough")
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
