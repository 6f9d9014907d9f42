"""The server over HTTP: our page, in Polish, from this computer only, and nothing else."""

from __future__ import annotations

import http.client
import json
import re
import socket

import pytest

from smup_lib.apps.serving.dashboards import list_dashboards
from smup_lib.apps.serving.starting import check_port
from smup_lib.errors import SettingsError
from tests.apps.app_server import AppServer, free_port

OUTSIDE = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", re.I)
VIEW = "/voila/render/basic.ipynb?unit=9002&year=2020"


@pytest.fixture(scope="module")
def view(app_server):
    return app_server.get(VIEW)


def test_the_page_is_polish_and_shows_its_shape_at_once(view):
    assert view.status == 200
    assert '<html lang="pl">' in view.text
    title = json.loads(json.dumps(list_dashboards()[0].title))
    assert f"<title>{title}</title>" in view.text
    before_kernel = view.text.split("jupyter-config-data")[0]
    assert "smup-skeleton" in before_kernel
    assert f"Przygotowujemy stronę: {title}" in before_kernel
    assert 'class="smup-skip" href="#tresc"' in before_kernel
    assert "<noscript>" in before_kernel


def test_the_first_view_can_be_read_before_the_widgets_stand(view):
    preview = view.text.split('<template id="smup-preview">')[1].split("</template>")[0]
    assert re.search("<h1[^>]*>Przegląd obszarów", preview) and 'data-key="' in preview
    assert "<script" not in preview


def test_the_page_names_nothing_outside_the_server(view):
    assert OUTSIDE.findall(view.text) == []
    assert not re.search("jsdelivr|cloudflare|unpkg|font-?awesome", view.text, re.I)


def test_no_code_is_shown(view):
    assert "import smup_lib" not in view.text
    assert "smup.open_app" not in view.text


def test_the_page_has_no_inline_script_and_a_tight_policy(view):
    inline = re.findall(r"<script(?![^>]*(?:src=|application/))[^>]*>", view.text)
    assert inline == []
    policy = view.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "http" not in policy


def test_only_the_extensions_that_the_page_needs_are_loaded(view):
    config = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', view.text, re.S)
    names = {item["name"] for item in json.loads(config[1])["federated_extensions"]}
    assert names == {
        "@jupyter-widgets/jupyterlab-manager",
        "@voila-dashboards/widgets-manager8",
        "bqplot",
        "bqscales",
    }


def test_what_every_page_needs_is_asked_for_at_its_head_and_kept(view, app_server):
    head = view.text.split("</head>")[0]
    early = re.findall(r'<link rel="preload" as="script"[^>]* href="([^"]+)"', head)
    assert sum("/remoteEntry." in address for address in early) == 4
    parts = [address for address in early if "?v=" in address]
    assert len(parts) > 5 and len(early) == len(parts) + 4
    for address in early:
        answer = app_server.get(address)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/javascript"), address
        kept = answer.headers["Cache-Control"]
        assert ("max-age=" in kept) if address in parts else (kept == "no-cache")


@pytest.mark.parametrize(
    "path",
    [
        "/voila/api/contents",
        "/voila/api/contents/basic.ipynb",
        "/voila/files/basic.ipynb",
        "/voila/files/../pyproject.toml",
        "/voila/shared/../report/report.css",
        "/voila/shared/base.css",
        "/voila/templates/smup/static/../index.html.j2",
        "/api/kernels",
        "/api/contents",
        "/voila/render/..%2Fpyproject.toml",
        "/voila/render/nothing.ipynb",
    ],
)
def test_files_and_lists_are_not_served(app_server, path):
    # Voilà answers a path out of a template's folder with an assertion of its own: 500
    assert app_server.get(path).status in (400, 403, 404, 500)


def test_a_wrong_address_gets_a_polish_page_with_a_way_on(app_server):
    answer = app_server.get("/nothing-here")
    assert answer.status == 404
    assert "Nie ma takiej strony" in answer.text
    assert 'href="/"' in answer.text
    assert OUTSIDE.findall(answer.text) == []


def test_the_first_page_lists_the_apps(app_server):
    answer = app_server.get("/")
    assert answer.status == 200
    for app in list_dashboards():
        assert f'href="/{app.path}"' in answer.text
        assert app.title in answer.text
    assert OUTSIDE.findall(answer.text) == []


def test_another_host_name_is_refused(app_server):
    assert app_server.get("/", {"Host": "evil.example"}).status == 403


def test_another_page_cannot_take_the_template_or_the_tracebacks(app_server):
    answer = app_server.get("/voila/render/basic.ipynb?template=lab&theme=dark&unit=9002")
    assert "smup-skeleton" in answer.text


def test_the_server_stands_on_loopback_only(app_server):
    port = int(app_server.root.rsplit(":", 1)[1])
    own = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port)}
    for address in own - {"127.0.0.1", "127.0.1.1", "::1"}:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            assert probe.connect_ex((address, port)) != 0
    assert app_server.root.startswith("http://127.0.0.1:")


def test_ctrl_c_ends_server_and_kernels(report_home_dir, repo_root):
    server = AppServer.start(report_home_dir, repo_root)
    server.get(VIEW)
    kernels = server.kernels()
    assert kernels
    said = server.stop()
    assert server.process.returncode == 0, said
    assert "Traceback" not in said
    assert not any(kernel.is_running() for kernel in kernels)


def test_a_taken_port_is_told_with_a_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"na porcie {port}") as caught:
            check_port(port)
    assert "smup apps serve --port" in str(caught.value)
    check_port(free_port())


def test_the_list_groups_the_apps_and_is_where_a_visitor_begins(app_server):
    assert len(list_dashboards()) > 1
    assert app_server.page == f"{app_server.root}/"
    text = app_server.get("/").text
    for group in {app.group for app in list_dashboards()} - {""}:
        assert f"<h2>{group}</h2>" in text
    places = [text.index(f'href="/{app.path}"') for app in list_dashboards()]
    assert len(places) == len(set(places))


def test_an_old_link_leads_to_the_app_of_today_with_its_view(app_server):
    connection = http.client.HTTPConnection(app_server.root.removeprefix("http://"))
    connection.request("GET", "/voila/render/area.ipynb?unit=9002&year=2020")
    answer = connection.getresponse()
    connection.close()
    assert answer.status == 302
    assert answer.headers["Location"] == "basic.ipynb?unit=9002&year=2020"


@pytest.mark.parametrize("kind", ["image", "iframe", "script"])
def test_a_page_is_not_prepared_for_whoever_cannot_read_it(app_server, kind):
    answer = app_server.get(VIEW, {"Sec-Fetch-Dest": kind})
    assert answer.status == 403
    assert 'id="smup-loading"' not in answer.text


def test_a_link_that_is_too_long_gets_a_page_with_a_way_on(app_server):
    answer = app_server.get(f"{VIEW}&x={'a' * 10_000}")
    assert answer.status == 414
    assert "Ten link jest za długi" in answer.text and 'href="/"' in answer.text


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--visitors", "0", "Nie można obsłużyć tylu osób: 0."),
        ("--workers", "-1", "Nie można przygotowywać tylu stron naraz: -1."),
        ("--host", "no.such.host.invalid", "ten komputer nie ma adresu no.such.host.invalid"),
    ],
)
def test_a_number_or_an_address_that_cannot_be_is_told(report_home_dir, repo_root, option, value,
                                                       said):  # fmt: skip
    with pytest.raises(RuntimeError) as refused:
        AppServer.start(report_home_dir, repo_root, option, value)
    assert said in str(refused.value)
    assert "Traceback" not in str(refused.value)


def test_listening_beyond_this_computer_is_chosen_and_told(report_home_dir, repo_root):
    server = AppServer.start(report_home_dir, repo_root, "--host", "0.0.0.0")
    try:
        # under whichever name others reach it
        assert server.get("/", {"Host": "komputer.urzad.example"}).status == 200
    finally:
        said = server.stop()
    assert "Uwaga: strony może otworzyć każdy, kto dosięgnie tego komputera" in said
