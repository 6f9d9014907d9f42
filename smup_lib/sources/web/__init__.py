"""The back door: official services on the web, asked politely and kept as they answered."""

from smup_lib.sources.web.answers import Answer, AnswerStore, Request
from smup_lib.sources.web.clock import Clock, SystemClock
from smup_lib.sources.web.keys import Key, load_key
from smup_lib.sources.web.polite import PoliteClient
from smup_lib.sources.web.quota import GUS_ANONYMOUS, GUS_REGISTERED, Quota, Window

__all__ = [
    "GUS_ANONYMOUS",
    "GUS_REGISTERED",
    "Answer",
    "AnswerStore",
    "Clock",
    "Key",
    "PoliteClient",
    "Quota",
    "Request",
    "SystemClock",
    "Window",
    "load_key",
]
