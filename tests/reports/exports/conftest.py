"""One finished report of the sample land, read by the tests of all formats."""

from __future__ import annotations

import pytest

from smup_lib.reports.exports.content import Content
from smup_lib.reports.exports.page import read_content
from tests.report_home import report_home, report_home_dir, report_of

__all__ = ["report_home", "report_home_dir", "report_of"]


@pytest.fixture(scope="module")
def page(report_of) -> str:
    """Return a powiat with a long name: cards, charts, folded tables, missing values."""
    return report_of("roads_transport", "9002", 2022).html.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def content(page) -> Content:
    return read_content(page)
