"""A plugin of pytest (``make test`` names it): jsonschema, which nbval imports, comes light."""

from __future__ import annotations

from smup_lib.kernels.light_imports import import_jsonschema

import_jsonschema()
