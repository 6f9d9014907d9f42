"""JupyterHub for an office: the apps are one service of the hub, shared by all its users.

One environment holds both: ``pip install 'smup-workbench[apps,report]' jupyterhub``; the proxy of
the hub comes from npm: ``npm install -g configurable-http-proxy``. Then: ``jupyterhub -f`` this
file.
"""

import os
import sys

c = get_config()  # noqa: F821  # the hub defines it

# What a visitor types. A proxy with https (deploy/nginx) stands before it in an office.
ADDRESS = "http://127.0.0.1:8000"
c.JupyterHub.bind_url = ADDRESS

# Who may come: accounts of this computer. For a trial on a laptop, one password for everybody:
#   c.JupyterHub.authenticator_class = "dummy"
#   c.DummyAuthenticator.password = "..."
c.JupyterHub.authenticator_class = "pam"
c.Authenticator.allow_all = True

# The apps, started by the hub and ended with it. Whoever logs in to the hub may open them.
APPS = "aplikacje"
c.JupyterHub.services = [
    {
        "name": APPS,
        "url": "http://127.0.0.1:8867",
        "command": [
            *(sys.executable, "-m", "smup_lib.cli", "apps", "serve", "--hub", "--no-open"),
            *("--public-url", ADDRESS),
        ],
        "environment": {
            name: os.environ[name]
            for name in ("SMUP_HOME", "XDG_RUNTIME_DIR", "JUPYTER_PATH", "PYTHONPATH")
            if name in os.environ
        },
        "oauth_no_confirm": True,
    }
]
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": ["self", f"access:services!service={APPS}"]},
]
c.JupyterHub.default_url = f"/services/{APPS}/"

# An analyst's own JupyterLab, as a process of this computer under the account of the hub.
c.JupyterHub.spawner_class = "simple"
# Or the apps as everybody's own server, each with kernels of their own:
#   c.Spawner.cmd = [sys.executable, "-m", "smup_lib.cli", "apps", "serve", "--hub", "--no-open"]
#   c.Spawner.args = ["--public-url", ADDRESS]

# Addresses of visitors are not written: the hub logs warnings only.
c.JupyterHub.log_level = 30
