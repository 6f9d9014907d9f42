"""jsonschema without the second that it takes to compile a grammar which hardly anybody asks."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

_GRAMMAR = "rfc3987_syntax"


def import_jsonschema() -> None:
    """Import jsonschema, which reading a notebook needs, for a tenth of the work.

    It compiles the grammar of addresses with letters of any script (RFC 3987) when it is imported,
    if the library is there. Afterwards it is compiled when such an address is first checked. What
    is checked, and the answer, are the same. Nothing happens where jsonschema is absent: who needs
    it will say so.

    Examples
    --------
    >>> import_jsonschema()
    >>> import jsonschema
    >>> jsonschema.FormatChecker().conforms("no address", "iri")
    False
    """
    if "jsonschema" in sys.modules or _GRAMMAR in sys.modules or find_spec(_GRAMMAR) is None:
        return
    later = ModuleType(_GRAMMAR)
    later.__dict__["is_valid_syntax"] = _is_valid_syntax
    sys.modules[_GRAMMAR] = later
    try:
        with suppress(ImportError):
            import_module("jsonschema")
    finally:
        del sys.modules[_GRAMMAR]


def _is_valid_syntax(rule: str, text: str) -> bool:
    """Say whether a text follows a rule of the grammar, which is compiled for the first text."""
    return bool(import_module(_GRAMMAR).is_valid_syntax(rule, text))
