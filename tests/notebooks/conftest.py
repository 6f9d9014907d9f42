"""Fixtures of the tests of notebooks."""

from tests.report_home import report_home, report_home_dir

__all__ = ["report_home", "report_home_dir"]
