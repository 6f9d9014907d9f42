"""Each change redoes exactly the reports that rest on it."""

from __future__ import annotations

import dataclasses

import pytest

from smup_lib.reports.batch import fingerprint
from smup_lib.reports.batch.fingerprint import Fingerprints, digest_of_library
from smup_lib.reports.batch.jobs import Job, Section
from smup_lib.reports.loading import Workspace

YEAR = 2022


@pytest.fixture
def own_place(monkeypatch, tmp_path):
    """Return a place with a small library, templates and a home of their own."""
    package, templates = tmp_path / "smup_lib", tmp_path / "templates"
    (package / "reports").mkdir(parents=True)
    templates.mkdir()
    (package / "paths.py").write_text("# the library\n", encoding="utf-8")
    (templates / "base.css").write_text("p {}", encoding="utf-8")
    plain = fingerprint.paths.project_dir
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(fingerprint.paths, "__file__", str(package / "paths.py"))
    monkeypatch.setattr(
        fingerprint.paths,
        "project_dir",
        lambda name: templates if name == "templates" else plain(name),
    )
    yield tmp_path
    digest_of_library.cache_clear()


def test_a_plan_told_by_its_path_counts_by_what_it_says(whole_land, own_place):
    section = Section(own_place / "a.ipynb", "1", None, "a")
    plan = own_place / "moj.yaml"
    catalogue = Workspace.open(whole_land).catalogue

    def printed(text: str) -> str:
        plan.write_text(text, encoding="utf-8")
        job = Job(section, "9001", YEAR, {"plan": str(plan)})
        return Fingerprints(whole_land, catalogue).of(job)

    assert printed("cel: 1") == printed("cel: 1") != printed("cel: 2")


@pytest.mark.parametrize(
    ("changed", "redone"),
    [
        ("templates/base.css", "all"),
        ("smup_lib/reports/area.py", "all"),
        ("smup_lib/reports/notes.txt", "none"),
        ("home/practices/biblioteka.yaml", "all"),
        ("home/groups/moja.json", "all"),
        ("home/plans/plan.yaml", "all"),
        ("home/receipts/a.json", "none"),
        ("notebook", "own"),
        ("package", "all"),
    ],
)
def test_a_change_redoes_what_rests_on_it(whole_land, own_place, monkeypatch, changed, redone):
    land = Workspace.open(whole_land)
    sections = {name: Section(own_place / f"{name}.ipynb", "1", None, name) for name in ("a", "b")}

    def prints() -> dict[str, str]:
        digest_of_library.cache_clear()
        found = Fingerprints(whole_land, land.catalogue)
        return {name: found.of(Job(one, "9001", YEAR)) for name, one in sections.items()}

    before = prints()
    assert prints() == before
    if changed == "notebook":
        sections["a"] = dataclasses.replace(sections["a"], notebook_sha256="2")
    elif changed == "package":
        monkeypatch.setattr(fingerprint, "package_versions", lambda: {"pandas": "99"})
    else:
        (own_place / changed).parent.mkdir(parents=True, exist_ok=True)
        (own_place / changed).write_text("changed", encoding="utf-8")
    after = prints()
    differ = {name for name in before if before[name] != after[name]}
    assert differ == {"all": {"a", "b"}, "own": {"a"}, "none": set()}[redone]
