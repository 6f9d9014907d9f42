"""axe-core looks at the sample of a batch, where it is installed; where it is not, that is told."""

from __future__ import annotations

import pytest

from smup_lib.reports.batch.barriers import find_barriers

PAGE = """<!DOCTYPE html><html lang="pl"><head><title>Drogi</title></head>
<body><main><h1>Drogi</h1>{}</main></body></html>"""


@pytest.mark.browser
def test_a_barrier_is_named_though_a_later_page_cannot_be_seen(tmp_path, chromium, axe_script):
    pytest.importorskip("playwright.sync_api")
    (tmp_path / "dobra.html").write_text(PAGE.format("<p>Tekst</p>"), encoding="utf-8")
    bad = PAGE.format('<img id="mapa" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">')
    (tmp_path / "zla.html").write_text(bad, encoding="utf-8")
    faults, unseen = find_barriers(tmp_path, ["dobra.html", "zla.html", "brak.html"])
    assert len(unseen) == 1 and unseen[0].startswith("brak.html: ")
    assert [(fault.kind, fault.file, fault.place) for fault in faults] == [
        ("access", "zla.html", "#mapa")
    ]
    assert faults[0].said.startswith("image-alt")


def test_without_a_browser_it_is_told_that_nobody_looked(tmp_path, monkeypatch):
    pytest.importorskip("playwright.sync_api")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("SMUP_CHROMIUM", raising=False)
    faults, unseen = find_barriers(tmp_path, ["a.html"])
    assert faults == []
    assert "Chromium" in unseen[0]
