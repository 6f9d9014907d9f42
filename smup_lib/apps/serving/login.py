"""Who may see the pages? Everybody, or whoever knows the password; nobody has a name here."""

from __future__ import annotations

import asyncio
import math
import uuid
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.auth.security import passwd_check
from jupyter_server.utils import url_path_join
from tornado.ioloop import IOLoop
from traitlets import Bool, Dict, Unicode
from voila.handler import BaseVoilaHandler

from smup_lib.apps.serving.attempts import Attempts

#: A cookie is signed, and no longer good after this; a restart of the server ends all of them.
_DAYS = 1
_EVERYBODY = User("visitor")
_WRONG = "To nie jest to hasło. Sprawdź wielkość liter i spróbuj jeszcze raz."
_WAIT = "Za dużo nieudanych prób. Następna będzie możliwa za {seconds} s."


class _Form:
    """A page with a form: alone here a form may be sent, and to this server only."""

    @property
    def content_security_policy(self) -> str:
        policy: str = super().content_security_policy  # type: ignore[misc]
        return policy.replace("form-action 'none'", "form-action 'self'")


class LoginPage(_Form, BaseVoilaHandler, LoginFormHandler):  # type: ignore[misc]  # untyped library
    """Asks for the password."""

    def _render(self, message: str = "") -> None:
        self.set_header("Cache-Control", "no-store")
        there = self.get_argument("next", default=self.base_url)
        page = self.render_template("login.html", next=there, message=message)  # type: ignore[no-untyped-call]
        self.write(page)

    @allow_unauthenticated
    async def post(self) -> None:
        """Check the password, one at a time, and only when the address need not wait."""
        visitors, address = self.identity_provider, self.request.remote_ip or ""
        assert isinstance(visitors, Visitors)
        # one after another: of many tries sent at once, none is made before the last is counted
        async with visitors.turn:
            if seconds := visitors.attempts.seconds_to_wait(address):
                return self._refuse(math.ceil(seconds))
            typed = self.get_body_argument("password", default="")
            if not await visitors.check_password(typed):
                visitors.attempts.note_wrong(address)
                self.set_status(401)
                return self._render(_WRONG)
        visitors.set_login_cookie(self, User(uuid.uuid4().hex))
        there = self.get_argument("next", default=self.base_url)
        self._redirect_safe(there)  # type: ignore[no-untyped-call]

    def _refuse(self, seconds: int) -> None:
        self.set_status(429)
        self.set_header("Retry-After", str(seconds))
        self._render(_WAIT.format(seconds=seconds))


class LogoutPage(_Form, BaseVoilaHandler):  # type: ignore[misc]  # untyped library
    """Asks whether to end the login, and ends it."""

    @allow_unauthenticated
    def get(self) -> None:
        """Show the button."""
        self.set_header("Cache-Control", "no-store")
        self.write(self.render_template("logout.html", inside=self.current_user is not None))

    @allow_unauthenticated
    def post(self) -> None:
        """Take the cookie back."""
        self.identity_provider.clear_login_cookie(self)
        self.current_user = None
        self.get()


class Visitors(IdentityProvider):
    """Lets everybody in, without any cookie, or those who have given the password."""

    hashed_password = Unicode("", config=True, help="argon2 hash; empty lets everybody in")
    need_token = Bool(False)
    cookie_options = Dict({"samesite": "Lax", "expires_days": None}, config=True)
    get_secure_cookie_kwargs = Dict({"max_age_days": _DAYS}, config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.attempts = Attempts()
        self.turn = asyncio.Lock()

    @property
    def auth_enabled(self) -> bool:
        """Whether there is a password."""
        return bool(self.hashed_password)

    def get_user(self, handler: Any) -> Any:
        """Return who asks; None when the password has not been given."""
        return self.get_user_cookie(handler) if self.auth_enabled else _EVERYBODY

    async def check_password(self, typed: str) -> bool:
        """Compare with the hash, beside the loop that serves all others."""
        loop = IOLoop.current()
        same: bool = await loop.run_in_executor(None, passwd_check, self.hashed_password, typed)
        return same

    def get_handlers(self) -> list[Any]:
        """Return the pages to log in and out; without a password there are none."""
        if not self.auth_enabled:
            return []
        server: Any = self.parent
        root, kept = server.server_url, {"voila_configuration": server.voila_configuration}
        return [
            (url_path_join(root, r"/login"), LoginPage, kept),
            (url_path_join(root, r"/logout"), LogoutPage, kept),
        ]
