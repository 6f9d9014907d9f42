"""What stands in the way to a service is told in plain words: a proxy, a certificate, a name."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from smup_lib.errors import ServiceError, SettingsError
from smup_lib.sources.web import PoliteClient, Quota, Request, Window
from smup_lib.sources.web.connection import find_obstacle
from tests.servers.clocks import HandClock


class LockedProxy(BaseHTTPRequestHandler):
    """A proxy that lets nobody through without a password."""

    def do_GET(self) -> None:
        self.send_response(407)
        self.send_header("Proxy-Authenticate", "Basic")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_CONNECT(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing on the console of the tests."""


def serving(server: HTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    for address in serving(HTTPServer(("127.0.0.1", 0), LockedProxy)):
        monkeypatch.setenv("HTTP_PROXY", f"http://{address}")
        monkeypatch.setenv("HTTPS_PROXY", f"http://{address}")
        yield address


@pytest.fixture
def untrusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server with a certificate that it has signed itself, as an office's inspection does."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = HTTPServer(("127.0.0.1", 0), LockedProxy)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(write_certificate(tmp_path / "own.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    yield from serving(server)


def write_certificate(path: Path) -> Path:
    """Write a key and a certificate for this computer that nobody vouches for."""
    reason = "cryptography comes with the keyring of Linux only"
    x509 = pytest.importorskip("cryptography.x509", reason=reason)
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "inspection")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    return path


def client(base: str, tmp_path: Path) -> PoliteClient:
    quota = Quota(tmp_path / "quota.sqlite", "things", (Window(1, 1_000),), HandClock())
    return PoliteClient("Serwis", base, quota, timeout=5.0)


def failure(base: str, tmp_path: Path) -> ServiceError:
    with client(base, tmp_path) as asking, pytest.raises(ServiceError) as caught:
        asking.ask(Request("things"))
    return caught.value


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_password_is_told_and_not_tried_again(proxy, tmp_path, scheme):
    error = failure(f"{scheme}://service.invalid/api", tmp_path)
    assert "wymaga zalogowania (HTTP 407)" in error.what
    assert "HTTPS_PROXY" in error.next_step


def test_an_untrusted_certificate_is_no_missing_network(untrusted, tmp_path):
    error = failure(f"https://{untrusted}", tmp_path)
    assert "certyfikat serwera nie jest zaufany" in error.what
    assert "SSL_CERT_FILE" in error.next_step
    found = find_obstacle(error)
    assert found is not None and found.kind == "certificate"


def test_a_trusted_certificate_of_the_office_lets_through(untrusted, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.pem"))
    # the server is reached now, and says what it says to everybody
    assert "407" in failure(f"https://{untrusted}", tmp_path).what


def test_a_name_that_nobody_has_is_told(tmp_path, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    error = failure("http://service.invalid/api", tmp_path)
    assert "nie ma internetu albo serwera o takiej nazwie" in error.what


def test_certificates_that_are_not_there_are_told(tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nie-ma.pem"))
    with pytest.raises(SettingsError, match="certyfikatów") as caught:
        client("https://service.invalid", tmp_path)
    assert "SSL_CERT_FILE" in str(caught.value)


def test_a_proxy_that_is_no_address_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy.invalid:70")
    with pytest.raises(SettingsError, match="pośrednika") as caught:
        client("https://service.invalid", tmp_path)
    assert "HTTPS_PROXY" in str(caught.value)
