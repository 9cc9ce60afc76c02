"""Make `.venv` from a hashed lock with nothing but the standard library, and answer within a blink when it is already there.

usage: python3 scripts/bootstrap.py [core|server|dev]

Works where Debian leaves out ensurepip and where the system Python is externally managed: the environment is made without pip, and whichever pip
exists (ensurepip's, the system's, Debian's wheel) installs into it from outside. The product's own packages are put on the path by a `.pth` file.
"""

import hashlib
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
SOURCES = ("services/proposals", "services/scheduling", "services/notifications", "shared", "deploy")
LOCKS = ("core", "server", "dev")
OLDEST, NEWEST = (3, 11), (3, 13)


def main(wanted: str) -> None:
    """Bring `.venv` to the `wanted` lock; a richer lock that is already installed is kept."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(f"Plenary needs Python 3.11 to 3.13; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12 ...")
    stamps = {name: _stamp(name) for name in LOCKS[LOCKS.index(wanted) :]}
    marker = VENV / "installed"
    if marker.exists() and marker.read_text() in stamps.values():
        return
    print(f"Setting up .venv ({wanted}); this takes a moment the first time ...", flush=True)
    if not (VENV / "bin" / "python").exists():
        venv.create(VENV, with_pip=False)
    _install(ROOT / "requirements" / f"{wanted}.lock")
    _link_sources()
    marker.write_text(stamps[wanted])


def _stamp(name: str) -> str:
    return hashlib.sha256(f"{sys.version_info[:2]}{ROOT}".encode() + (ROOT / "requirements" / f"{name}.lock").read_bytes()).hexdigest()


def _install(lock: Path) -> None:
    options = ["--disable-pip-version-check", "--quiet", "--require-hashes", "--requirement", str(lock)]
    for pip in _pips():
        probe = subprocess.run([*pip, "--version"], capture_output=True, check=False)
        if probe.returncode == 0:
            subprocess.run([*pip, "install", *options], check=True)
            return
    sys.exit("No pip was found. Install one (Debian: apt install python3-pip) and run this again.")


def _pips() -> list[list[str]]:
    inside = str(VENV / "bin" / "python")
    wheels = sorted(Path("/usr/share/python-wheels").glob("pip-*.whl"))
    return [
        [sys.executable, "-m", "pip", "--python", inside],
        *([sys.executable, f"{wheel}/pip", "--python", inside] for wheel in wheels),
        [inside, "-m", "pip"],
    ]


def _link_sources() -> None:
    paths = sysconfig.get_paths(scheme="venv", vars={"base": str(VENV), "platbase": str(VENV)})
    (Path(paths["purelib"]) / "plenary.pth").write_text("".join(f"{ROOT / source}\n" for source in SOURCES))
    command = VENV / "bin" / "plenary"
    command.write_text(f"#!{VENV / 'bin' / 'python'}\nfrom plenary.cli import main\n\nmain()\n")
    command.chmod(0o755)


if __name__ == "__main__":
    os.umask(0o022)
    main(sys.argv[1] if len(sys.argv) > 1 else "core")
