"""The letters: a unit's area as a page, and notebooks run strictly into reports."""
