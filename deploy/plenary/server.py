"""gunicorn with one worker of threads: the embedded shape in one process, and the web process of each service in the deployed one."""

from collections.abc import Callable, Mapping
from typing import Any

from gunicorn.app.base import BaseApplication

THREADS = 8


class Server(BaseApplication):  # type: ignore[misc]
    """Serves the application that `load` makes inside the worker; `hooks` are gunicorn's."""

    def __init__(self, make: Callable[[], Any], *, bind: str, workers: int = 1, hooks: Mapping[str, Any] | None = None) -> None:
        """Serve on `bind`, as in `127.0.0.1:8000`."""
        self._make = make
        self._options = {"bind": bind, "workers": workers, "threads": THREADS, "worker_class": "gthread", "graceful_timeout": 20, "timeout": 60}
        self._hooks = dict(hooks or {})
        super().__init__()

    def load_config(self) -> None:
        """Hand the options over."""
        quiet = {"accesslog": None, "loglevel": "warning", "keepalive": 15, "control_socket_disable": True}
        for name, value in {**self._options, **quiet, **self._hooks}.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application in the worker, after the fork: threads and connections do not survive one."""
        return self._make()
