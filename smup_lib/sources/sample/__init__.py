"""The fictional land: generated units, boundaries and numbers for learning and for tests.

Deterministic, made in a few seconds, never mixed with real data. Where to look::

    names, units            who is there, and what changed          (territorial_changes.yaml)
    mesh, geometry          the ground and whose it is
    people, recipes, series the numbers
    published, gaps         ready-made rates; what is missing and why
    truths                  what is planted and what should be concluded
    rows                    numbers as observations
    land                    what the drawing must know of a land
    national*, filler       another land, as large as a country
"""

from smup_lib.sources.sample.make import DATASETS, LABEL, SampleSource, make_sample, open_sample
from smup_lib.sources.sample.national import make_national, plan_national

__all__ = [
    "DATASETS",
    "LABEL",
    "SampleSource",
    "make_national",
    "make_sample",
    "open_sample",
    "plan_national",
]
