"""Fixtures of the tests of commands."""

from tests.reports.revised_land import own_home, whole_land

__all__ = ["own_home", "whole_land"]
