"""What may an entry of the catalogue say? One small function a rule, one module a subject.

A rule takes the draft and one entry and yields a :class:`~smup_lib.catalogue.problems.Fault` for
each key that breaks it; :mod:`smup_lib.catalogue.checks` runs them all.
"""
