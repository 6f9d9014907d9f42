"""Where things live, and what is said when they cannot live there."""

from __future__ import annotations

from pathlib import Path

import pytest

from smup_lib import paths
from smup_lib.errors import SettingsError


def test_smup_home_decides_where_user_data_live(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "dom"))
    assert paths.snapshots_dir() == tmp_path / "dom" / "snapshots"
    assert not (tmp_path / "dom").exists(), "asking for a path must not create it"


def test_without_smup_home_the_user_folder_is_used(monkeypatch):
    monkeypatch.delenv("SMUP_HOME", raising=False)
    assert paths.smup_home().name == "smup"


def test_folders_of_the_checkout_are_found(repo_root: Path):
    assert paths.project_dir("notebooks") == repo_root / "notebooks"


def test_a_folder_that_cannot_be_made_is_an_error_with_a_next_step(tmp_path: Path):
    blocking = tmp_path / "plik"
    blocking.write_text("to jest plik")
    with pytest.raises(SettingsError) as caught:
        paths.make_dir(blocking / "folder")
    assert "SMUP_HOME" in str(caught.value)
