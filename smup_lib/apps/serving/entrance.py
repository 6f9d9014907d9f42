"""By which address do visitors come, and who may? An answer for a laptop, an office and a hub."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from smup_lib.errors import SettingsError

if TYPE_CHECKING:
    from traitlets.config import Config

#: What JupyterHub tells a service that it starts.
_FROM_HUB = ("JUPYTERHUB_SERVICE_PREFIX", "JUPYTERHUB_SERVICE_URL", "JUPYTERHUB_API_TOKEN")


@dataclass(frozen=True)
class Entrance:
    """How the server is reached.

    Attributes
    ----------
    public_url : str
        What a visitor types when a proxy stands before the server; its host name is then the only
        one that is answered besides this computer's, and what the proxy says of the visitor's
        address and of https is believed.
    password : str
        Hash from :func:`smup_lib.apps.serving.password.read_password`; empty lets everybody in.
    hub : bool
        Whether JupyterHub says who may come.
    """

    public_url: str = ""
    password: str = ""
    hub: bool = False

    @property
    def prefix(self) -> str:
        """What every address begins with, with a slash on both ends.

        Examples
        --------
        >>> Entrance(public_url="https://smup.example.pl/aplikacje").prefix
        '/aplikacje/'
        >>> Entrance().prefix
        '/'
        """
        path = urlsplit(self.public_url).path.strip("/")
        return f"/{path}/" if path else "/"

    @property
    def behind_proxy(self) -> bool:
        """Whether somebody else takes the visitors' connections."""
        return self.hub or bool(self.public_url)

    def check(self) -> None:
        """Raise unless the answers fit together.

        Raises
        ------
        SettingsError
            With what is missing.

        Examples
        --------
        >>> Entrance(public_url="smup.example.pl").check()
        Traceback (most recent call last):
        ...
        smup_lib.errors.SettingsError: To nie jest adres, pod którym widać aplikacje.
          ...
        """
        if self.public_url and not _is_address(self.public_url):
            raise SettingsError(
                "To nie jest adres, pod którym widać aplikacje.",
                where="--public-url",
                expected="adres od http:// albo https://, na przykład "
                "https://smup.urzad.pl/aplikacje/",
                next_step="popraw i powtórz polecenie",
            )
        if self.hub and self.password:
            raise SettingsError(
                "Serwer pod JupyterHubem nie ma hasła: o to, kto wejdzie, pyta hub.",
                expected="--hub albo --password-file",
                next_step="usuń jedną z opcji",
            )
        missing = [name for name in _FROM_HUB if not os.environ.get(name)] if self.hub else []
        if missing:
            raise SettingsError(
                "Tego procesu nie uruchomił JupyterHub.",
                problems=[f"brak zmiennej {name}" for name in missing],
                expected="usługa zapisana w jupyterhub_config.py",
                next_step="wzór jest w deploy/jupyterhub; bez huba pomiń opcję --hub",
            )

    def port(self, wanted: int) -> int:
        """Return the port that the hub has chosen, or the one that was asked for."""
        told = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"]).port if self.hub else None
        return told or wanted

    def configure(self, config: Config) -> None:
        """Write into a configuration where the server stands and who may come."""
        if self.hub:
            from smup_lib.apps.serving.hub import use_hub

            use_hub(config)
            return
        from smup_lib.apps.serving.login import Visitors

        config.Voila.identity_provider_class = Visitors
        config.Voila.base_url = self.prefix
        config.Visitors.hashed_password = self.password
        if urlsplit(self.public_url).scheme == "https":
            config.Visitors.secure_cookie = True

    def host_names(self, known: list[str]) -> list[str]:
        """Return the host names that are answered."""
        own = urlsplit(self.public_url).hostname
        return [*known, own] if own and own not in known else list(known)

    def listening(self) -> dict[str, Any]:
        """Return what the server is told of the connections that it takes.

        A body is a password or a message of a widget; a file of a hundred megabytes is neither.
        """
        return {"xheaders": self.behind_proxy, "max_body_size": MOST_BODY}


MOST_BODY = 1_000_000


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not (parts.query or parts.fragment or parts.username)
        )
    except ValueError:
        return False
