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


def test_a_check_of_a_folder_leaves_nothing_new(tmp_path: Path):
    paths.check_dir(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "c").mkdir()
    paths.check_dir(tmp_path / "c" / "d")
    assert list(tmp_path.iterdir()) == [tmp_path / "c"]


def test_a_folder_in_which_no_file_can_be_made_is_told():
    if not Path("/proc/self").is_dir():
        pytest.skip("only Linux has a folder that refuses files even to root")
    with pytest.raises(SettingsError, match="nie można zapisać pliku") as caught:
        paths.check_dir(Path("/proc/self"), "opcją --out")
    assert "--out" in str(caught.value)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_block_that_ends_early_leaves_no_empty_folder(tmp_path: Path, error):
    with pytest.raises(error), paths.folder_for_files(tmp_path / "a" / "b"):
        raise error
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(error), paths.folder_for_files(tmp_path / "a" / "b") as folder:
        (folder / "plik").touch()
        raise error
    assert (tmp_path / "a" / "b" / "plik").exists()
