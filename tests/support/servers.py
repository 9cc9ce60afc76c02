"""Private servers that a test may kill: PostgreSQL and RabbitMQ from the machine's binaries, on free ports, in a temporary folder."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from plenary_kit.messaging.brokers import BrokerDownError
from plenary_kit.messaging.topology import connect

RABBIT_BINARIES = Path("/usr/lib/rabbitmq/bin")


class NoBinariesError(Exception):
    """The machine has no binaries of that server."""


class PrivatePostgres:
    """A cluster of its own; `kill` is a power cut for all of its processes."""

    def __init__(self, folder: Path) -> None:
        self._binaries = _postgres_binaries()
        self.port, self._data = free_port(), folder / "data"
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            for parent in [folder, *folder.parents]:
                if parent.stat().st_mode & 0o005 != 0o005 and parent.stat().st_uid == os.geteuid():
                    parent.chmod(parent.stat().st_mode | 0o055)
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def database(self, name: str) -> str:
        """Make a database; gives its address."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        engine.dispose()
        return self.url.removesuffix("/postgres") + f"/{name}"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200"
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", str(self._data / "log"), "-w", "-t", "60", "start")
        until(self._answers, "PostgreSQL does not answer")

    def kill(self) -> None:
        """kill -9 every process of the cluster; the postmaster is frozen meanwhile, so that it starts no other one unseen."""
        postmaster = int((self._data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGSTOP)
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in (*map(int, children), postmaster):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        until(lambda: not any(_runs(process) for process in (postmaster, *map(int, children))), "PostgreSQL does not die")
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def end(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")

    def _answers(self) -> bool:
        engine = create_engine(self.url, connect_args={"connect_timeout": 2})
        try:
            with engine.connect():
                return True
        except OperationalError:
            return False
        finally:
            engine.dispose()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command] if os.geteuid() == 0 else command
        subprocess.run(as_postgres, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=90, cwd="/")


class PrivateRabbit:
    """A node of its own, with its own name, ports, cookie and data folder."""

    def __init__(self, folder: Path) -> None:
        if not (RABBIT_BINARIES / "rabbitmq-server").exists():
            raise NoBinariesError("rabbitmq-server")
        self.port, self._folder = free_port(), folder
        home = folder / "home"
        home.mkdir(parents=True)
        cookie = home / ".erlang.cookie"
        cookie.write_text(uuid4().hex)
        cookie.chmod(0o400)
        (folder / "plugins").write_text("[].\n")
        self._environment = {
            **os.environ,
            "HOME": str(home),
            "RABBITMQ_NODENAME": f"private-{uuid4().hex[:8]}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "ERL_EPMD_PORT": str(free_port()),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none",
        }
        self.start()

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        command = [str(RABBIT_BINARIES / "rabbitmq-server")]
        log = subprocess.DEVNULL
        self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log, cwd="/", start_new_session=True)
        until(self._answers, "RabbitMQ does not answer", seconds=60)

    def kill(self) -> None:
        """kill -9 the node."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        until(lambda: not self._answers(), "RabbitMQ does not die")

    def control(self, *arguments: str) -> str:
        """Run rabbitmqctl against the node; gives what it printed."""
        command = [str(RABBIT_BINARIES / "rabbitmqctl"), "--quiet", *arguments]
        done = subprocess.run(command, env=self._environment, check=True, capture_output=True, text=True, timeout=60, cwd="/")
        return done.stdout

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        epmd = {"env": self._environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["epmd", "-kill"], check=False, timeout=20, **epmd)  # type: ignore[call-overload]

    def _answers(self) -> bool:
        try:
            connect(self.url).release()
        except BrokerDownError:
            return False
        return True


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def until(condition: Callable[[], bool], complaint: str, seconds: float = 30) -> None:
    pause, deadline = Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, complaint
        pause.wait(0.05)


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _postgres_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    if found:
        return found[0].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise NoBinariesError("initdb")
