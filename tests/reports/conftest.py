"""Fixtures of the tests of reports."""

from tests.report_home import report_home, report_home_dir, report_of
from tests.reports.revised_land import own_home, whole_land

__all__ = ["own_home", "report_home", "report_home_dir", "report_of", "whole_land"]
