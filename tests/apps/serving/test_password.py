"""A password is kept as a hash that only its owner reads, and guessing it takes ever longer."""

from __future__ import annotations

import stat

import pytest
from jupyter_server.auth.security import passwd_check

from smup_lib.apps.serving.attempts import FREE, LONGEST_WAIT, MEMORY, MOST_PER_MINUTE, Attempts
from smup_lib.apps.serving.password import SHORTEST, read_password, write_password
from smup_lib.errors import SettingsError

PASSWORD = "zażółć gęślą jaźń"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_file_holds_a_hash_and_is_its_owners_alone(tmp_path):
    path = tmp_path / "haslo"
    path.write_text("open to all")
    path.chmod(0o644)
    write_password(path, PASSWORD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PASSWORD not in path.read_text(encoding="utf-8")
    kept = read_password(path)
    assert passwd_check(kept, PASSWORD) and not passwd_check(kept, PASSWORD + " ")
    assert [file.name for file in tmp_path.iterdir()] == ["haslo"]


@pytest.mark.parametrize("short", ["x" * (SHORTEST - 1), " " * SHORTEST])
def test_a_short_password_is_refused(tmp_path, short):
    with pytest.raises(SettingsError, match="za krótkie"):
        write_password(tmp_path / "haslo", short)
    assert not list(tmp_path.iterdir())


def test_blanks_around_a_password_are_left_out_as_the_form_of_the_login_does(tmp_path):
    path = tmp_path / "haslo"
    write_password(path, f" {PASSWORD} ")
    assert passwd_check(read_password(path), PASSWORD)


@pytest.mark.parametrize("content", ["", "haslo123456", "sha1:abc:def", "argon2:x\nargon2:y"])
def test_a_file_without_our_hash_is_refused(tmp_path, content):
    path = tmp_path / "haslo"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="nie ma hasła"):
        read_password(path)


def test_a_file_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "haslo"
    write_password(path, PASSWORD)
    path.chmod(0o640)
    with pytest.raises(SettingsError, match="mogą czytać inni"):
        read_password(path)
    with pytest.raises(SettingsError, match="Nie można odczytać"):
        read_password(tmp_path / "nothing")


def test_waits_grow_and_end():
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(FREE):
        attempts.note_wrong("a")
        assert attempts.seconds_to_wait("a") == 0
    waits = []
    for _ in range(12):
        attempts.note_wrong("a")
        waits.append(attempts.seconds_to_wait("a"))
        clock.now += waits[-1]
        assert attempts.seconds_to_wait("a") == 0
    assert waits[:4] == [2, 4, 8, 16] and waits[-1] == LONGEST_WAIT
    clock.now += MEMORY + 1
    attempts.note_wrong("a")
    assert attempts.seconds_to_wait("a") == 0


def test_who_tries_for_days_still_has_to_wait():
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(1500):
        attempts.note_wrong("a")
        clock.now += LONGEST_WAIT
    assert attempts.seconds_to_wait("a") == 0
    attempts.note_wrong("a")
    assert attempts.seconds_to_wait("a") == LONGEST_WAIT


def test_many_addresses_do_not_help():
    clock = Clock()
    attempts = Attempts(clock)
    for number in range(MOST_PER_MINUTE):
        assert attempts.seconds_to_wait(str(number)) == 0
        attempts.note_wrong(str(number))
    assert attempts.seconds_to_wait("new") == 60
    clock.now += 60
    assert attempts.seconds_to_wait("new") == 0
