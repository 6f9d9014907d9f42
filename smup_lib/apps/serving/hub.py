"""Who may see the pages under JupyterHub? Whoever the hub lets to this service.

The hub starts the server as one of its services, tells it by the environment where it stands, and
answers who asks. JupyterHub is no dependency: an office that has one installs both together.
"""

from __future__ import annotations

import os
from typing import Any

from jupyter_server.utils import url_path_join
from traitlets import default
from traitlets.config import Config


def use_hub(config: Config) -> None:
    """Take place and visitors from the hub that has started this process."""
    config.Voila.base_url = os.environ["JUPYTERHUB_SERVICE_PREFIX"]
    config.Voila.identity_provider_class = _hub_visitors()


def _hub_visitors() -> type:
    """Return the class that asks the hub who a visitor is; it needs the hub's own library."""
    from jupyterhub.services.auth import HubOAuth
    from jupyterhub.singleuser.extension import JupyterHubIdentityProvider

    class HubLogin(HubOAuth):  # type: ignore[misc]  # not a dependency
        """Knows a visitor by the cookie alone; whether another site sent them the pages ask."""

        def _patch_xsrf(self, handler: Any) -> None:
            """Leave the question to Jupyter and tornado.

            The hub's own asks a token of every read too, which the scripts of the pages and their
            websockets do not send: a read changes nothing, a websocket is held against its Origin.
            """

    class HubVisitors(JupyterHubIdentityProvider):  # type: ignore[misc]  # not a dependency
        """Asks the hub who a visitor is."""

        def __init__(self, **kwargs: Any) -> None:
            # Voilà gives a token of its own; here the hub's is the only one
            kwargs.pop("token", None)
            super().__init__(**kwargs)

        @default("hub_auth")
        def _login(self) -> HubLogin:
            return HubLogin(parent=self)

        def get_handlers(self) -> list[Any]:
            """Return the pages to come back from the hub and to log out, below our prefix."""
            root = self.parent.server_url
            return [(url_path_join(root, path), *rest) for path, *rest in super().get_handlers()]

    return HubVisitors
