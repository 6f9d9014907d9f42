"""What are the rules of comparison groups called, and which one does a text mean?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from smup_lib.errors import GroupError, did_you_mean
from smup_lib.polish_text import plain_text

#: Rule and what readers call it; the first name is the one shown.
RULE_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "similar": ("podobne", "jednostki podobne"),
        "neighbours": ("sąsiedzi", "sąsiednie"),
        "same_kind": ("ten sam rodzaj", "rodzaj"),
        "same_size_class": ("ta sama klasa wielkości", "klasa wielkości"),
        "functional_class": ("klasa funkcjonalna",),
        "voivodeship": ("województwo", "to samo województwo"),
        "country": ("kraj", "cały kraj"),
        "chosen": ("wybrane", "własny wybór"),
    }
)
_SAME_POWIAT = ("same_powiat", "ten sam powiat", "powiat")
RULES_HELP = (
    ", ".join(f"{names[0]} ({rule})" for rule, names in RULE_NAMES.items())
    + "; z liczbą albo listą: podobne:20, wybrane:KOD,KOD, wybrane:@NAZWA"
)


@lru_cache(maxsize=256)
def read_rule(text: str) -> tuple[str, str]:
    """Return rule and parameter that a text means: its word in the code or its Polish name.

    Parameters
    ----------
    text : str
        ``similar``, ``podobne:20``, ``sąsiedzi``, ``wybrane:1261,1262``; also without Polish
        letters and by the beginning of a name.

    Raises
    ------
    GroupError
        When no rule or several are called so; the message lists them.

    Examples
    --------
    >>> read_rule("podobne:20"), read_rule("Ten sam rodzaj"), read_rule("wojew")
    (('similar', '20'), ('same_kind', ''), ('voivodeship', ''))
    """
    name, _, argument = (part.strip() for part in text.partition(":"))
    wanted = plain_text(name)
    forms = {plain_text(form): rule for rule in RULE_NAMES for form in (rule, *RULE_NAMES[rule])}
    begun = {rule for form, rule in forms.items() if wanted and form.startswith(wanted)}
    found = {forms[wanted]} if wanted in forms else begun
    if len(found) != 1:
        said = [form for rule in RULE_NAMES for form in (rule, *RULE_NAMES[rule])]
        hint = did_you_mean(name, said)
        raise GroupError(
            f"Nie ma reguły grupy „{name}”{'; ' + hint if hint else ''}."
            if not found
            else f"Początek „{name}” pasuje do kilku reguł grupy: {', '.join(sorted(found))}.",
            expected=RULES_HELP,
            next_step="podaj jedną z nazw z listy, po polsku albo tę z nawiasu",
        )
    rule = found.pop()
    if rule == "neighbours" and plain_text(argument) in map(plain_text, _SAME_POWIAT):
        argument = _SAME_POWIAT[0]
    return rule, argument


def write_rule(rule: str) -> str:
    """Return the Polish name of a rule with its number.

    Examples
    --------
    >>> write_rule("similar:10"), write_rule("neighbours")
    ('podobne:10', 'sąsiedzi')
    """
    name, colon, number = rule.partition(":")
    return f"{RULE_NAMES[name][0]}{colon}{number}" if name in RULE_NAMES else rule
