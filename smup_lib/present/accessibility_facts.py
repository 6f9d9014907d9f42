"""What may an office say of itself, and a program of the pages it has checked?"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Office(_Told):
    """What an office says of itself and of its own review; empty where it said nothing.

    Attributes
    ----------
    name : str
        Of the office, with which the statement begins.
    person, email, phone, address : str
        Whom a visitor asks.
    building : str
        How accessible the building is, in the office's own words.
    status : str
        What the office's own review found: "zgodna", "częściowo zgodna" or "niezgodna".
    unavailable : tuple of str
        What the review found inaccessible, and why.
    reviewer : str
        Who made the review; the office itself when empty.
    published, updated, prepared, reviewed : date or None
        Of the pages: first published, last changed; of the statement: prepared, last reviewed.
    """

    name: str = ""
    person: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    building: str = ""
    status: Literal["", "zgodna", "częściowo zgodna", "niezgodna"] = ""
    unavailable: tuple[str, ...] = ()
    reviewer: str = ""
    published: dt.date | None = None
    updated: dt.date | None = None
    prepared: dt.date | None = None
    reviewed: dt.date | None = None


class MeasuredPage(_Told):
    """What a program found on one page.

    Attributes
    ----------
    title, address : str
    states : int
        Screens and looks in which it was opened.
    passed : int
        Rules that were checked and kept, in the state with the fewest.
    faults : dict of str to int
        Broken rules by how grave they are: critical, serious, moderate, minor.
    """

    title: str
    address: str
    states: int
    passed: int
    faults: dict[str, int] = {}


class Measured(_Told):
    """What a program found on the pages.

    Attributes
    ----------
    day : date
    program, browser : str
        With their versions.
    states : tuple of str
        Screens and looks, in Polish.
    land : str
        Of which data the pages were.
    pages : tuple of MeasuredPage
    """

    day: dt.date
    program: str
    browser: str
    states: tuple[str, ...]
    land: str
    pages: tuple[MeasuredPage, ...]
