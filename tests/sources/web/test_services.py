"""Addresses, keys and libraries of services are settings; what is wrong with one is told."""

from __future__ import annotations

import subprocess
import sys

import pytest

from smup_lib.errors import SettingsError, SnapshotMismatchError
from smup_lib.sources.web.fetched import fetched_folder
from smup_lib.sources.web.services import SMUP, TERYT, check_libraries
from smup_lib.sources.web.storing import find_own_base

WITHOUT = """
import sys
sys.modules["httpx"] = None
from smup_lib.sources.web import services
try:
    services.check_libraries()
except Exception as error:
    print(error)
"""


def test_the_official_address_and_its_file(smup_home, monkeypatch):
    monkeypatch.delenv("SMUP_API_URL", raising=False)
    assert SMUP.base() == "https://api.smup.gov.pl/api/1.0.0"
    assert SMUP.answers_path() == smup_home / "answers" / "smup.sqlite"
    monkeypatch.setenv("SMUP_API_URL", "https://mirror.invalid/smup")
    assert SMUP.answers_path().name.startswith("smup-")


def test_programs_under_two_addresses_share_no_folder(smup_home, monkeypatch):
    monkeypatch.delenv("SMUP_TERYT_URL", raising=False)
    with fetched_folder(TERYT) as one:
        (one / "terc.zip").write_bytes(b"whole")
        monkeypatch.setenv("SMUP_TERYT_URL", "https://mirror.invalid/teryt")
        with fetched_folder(TERYT) as other:
            assert other != one and (one / "terc.zip").exists()
    assert not one.exists() and not other.exists()


def test_a_key_has_a_limit_of_its_own(smup_home, monkeypatch):
    monkeypatch.delenv("SMUP_API_URL", raising=False)
    monkeypatch.setenv("SMUP_API_KEY", "tajny-klucz")
    key = SMUP.key()
    assert key is not None
    with_key, without = SMUP.quota(key), SMUP.quota(None)
    assert with_key.account != without.account and "tajny" not in with_key.account
    assert [window.calls for window in with_key.windows] == [10, 500, 5_000, 50_000]
    assert [window.calls for window in without.windows] == [5, 100, 1_000, 10_000]


@pytest.mark.parametrize("key", ["ze spacją w środku", "łąka", "a\x07b"])
def test_what_cannot_be_a_key_is_told_without_it(smup_home, monkeypatch, key):
    monkeypatch.setenv("SMUP_API_KEY", key)
    with pytest.raises(SettingsError) as caught:
        SMUP.key()
    assert key not in str(caught.value)


def test_libraries_that_are_not_installed_are_named():
    check_libraries()
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False
    )
    assert "httpx" in done.stdout and "smup-workbench[sync]" in done.stdout


def test_a_password_in_an_address_is_in_no_message(smup_home, monkeypatch):
    monkeypatch.setenv("SMUP_API_URL", "https://anna:tajne@mirror.invalid/smup")
    with pytest.raises(SnapshotMismatchError) as caught:
        find_own_base(SMUP, ["1261011", "9001011"])
    assert "mirror.invalid" in str(caught.value) and "tajne" not in str(caught.value)
