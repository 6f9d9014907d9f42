"""Zaawansowany: many indicators and units at once; table, charts, map, findings, files."""
