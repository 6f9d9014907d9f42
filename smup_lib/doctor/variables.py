"""Which settings does the environment hold, where do keys come from, is a proxy in the way?

Of a key only its place is told, of an address neither name nor password.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from smup_lib.doctor.diagnosis import Diagnosis
from smup_lib.errors import SmupError, did_you_mean
from smup_lib.snapshots.store import PINNED
from smup_lib.sources.web.services import SERVICES, Service, shown_address

PROXY_VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_PLAIN = ("SMUP_HOME", PINNED)


def examine_variables(services: Sequence[Service] = SERVICES) -> Iterator[Diagnosis]:
    """Yield the variables of the environment that count, services, keys, proxies, certificates."""
    for name in _PLAIN:
        if told := os.environ.get(name):
            yield Diagnosis(f"variable-{name}", "ok", f"{name}={told}", data={"value": told})
    for service in services:
        yield _examine_address(service)
        if service.key_variable:
            yield _examine_key(service)
    yield from _examine_unknown(services)
    yield from _examine_proxies()
    yield from _examine_certificates()


def _examine_address(service: Service) -> Diagnosis:
    check = f"address-{service.name}"
    try:
        base = service.base()
    except SmupError as error:
        return Diagnosis.of(check, error)
    shown = shown_address(base)
    data = {"address": shown, "variable": service.address_variable}
    if base == service.address:
        return Diagnosis(check, "ok", f"{service.label}: {shown} (adres oficjalny)", data=data)
    text = f"{service.label}: {shown} (ze zmiennej {service.address_variable}, nie oficjalny)"
    return Diagnosis(
        check,
        "warning",
        text,
        f"jeśli to pomyłka, usuń zmienną {service.address_variable}; oficjalny adres:"
        f" {service.address}",
        data=data,
    )


def _examine_key(service: Service) -> Diagnosis:
    check, variable = f"key-{service.name}", service.key_variable
    try:
        key = service.key()
    except SmupError as error:
        return Diagnosis.of(check, error)
    if key is None:
        text = f"klucz {service.label}: brak ({variable}); bez niego limit zapytań jest mniejszy"
        return Diagnosis(check, "ok", text, data={"present": False})
    text = f"klucz {service.label}: jest, {key.said_origin}"
    return Diagnosis(check, "ok", text, data={"present": True, "from": key.origin})


def _examine_unknown(services: Sequence[Service]) -> Iterator[Diagnosis]:
    """Yield variables that look like ours and are read by nobody."""
    known = {*_PLAIN, *(service.address_variable for service in services)}
    known |= {service.key_variable for service in services} - {""}
    for name in sorted(os.environ):
        if name.startswith("SMUP_") and name not in known and (hint := did_you_mean(name, known)):
            yield Diagnosis(
                f"variable-{name}",
                "warning",
                f"zmiennej {name} program nie zna; {hint}",
                "popraw jej nazwę albo ją usuń",
            )


def _examine_proxies() -> Iterator[Diagnosis]:
    found = {
        name: told
        for name in PROXY_VARIABLES
        if (told := os.environ.get(name) or os.environ.get(name.lower()))
    }
    shown = {
        name: told if name == "NO_PROXY" else shown_address(told) for name, told in found.items()
    }
    if not found:
        yield Diagnosis("proxy", "ok", "pośrednik sieciowy (proxy): żadnego w zmiennych środowiska")
        return
    wrong = [
        name
        for name, told in found.items()
        if name != "NO_PROXY" and not told.lower().startswith(("http://", "https://"))
    ]
    text = "pośrednik sieciowy (proxy): " + ", ".join(
        f"{name}={one}" for name, one in shown.items()
    )
    if wrong:
        step = f"wpisz adres zaczynający się od http:// do: {', '.join(wrong)}"
        yield Diagnosis("proxy", "warning", f"{text}; to może nie być adres", step, data=shown)
    else:
        yield Diagnosis("proxy", "ok", text, data=shown)


def _examine_certificates() -> Iterator[Diagnosis]:
    for name in CERTIFICATE_VARIABLES:
        if not (told := os.environ.get(name)):
            continue
        there = Path(told).is_file() if name == "SSL_CERT_FILE" else Path(told).is_dir()
        text = f"{name}={told}"
        if there:
            yield Diagnosis(f"variable-{name}", "ok", text, data={"value": told})
        else:
            yield Diagnosis(
                f"variable-{name}",
                "error",
                f"{text}: nie ma takiego pliku ani folderu, więc żadne pobieranie nie ruszy",
                f"popraw zmienną {name} albo ją usuń",
                data={"value": told},
            )
