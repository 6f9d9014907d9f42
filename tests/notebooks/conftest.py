"""Fixtures of the tests of notebooks."""

from tests.report_home import report_home, report_home_dir, report_of

__all__ = ["report_home", "report_home_dir", "report_of"]
