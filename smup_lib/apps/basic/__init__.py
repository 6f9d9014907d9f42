"""Podstawowy: one unit, area by area and service by service; made for a phone first."""
