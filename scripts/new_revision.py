"""Write the next revision of a service's tables from its models, for a person to read and finish.

usage: make revision SERVICE=scheduling NAME="rooms have floors"
"""

import sys
import tempfile
from pathlib import Path

from plenary.composition import SERVICES, build_trio
from plenary_kit.persistence.migrating import migrate, write_revision


def main(name: str, message: str) -> None:
    """Migrate an empty SQLite database, compare it with the models and write the difference down."""
    with tempfile.TemporaryDirectory() as folder:
        trio = build_trio({each: f"sqlite:///{folder}/{each}.db" for each in SERVICES})
        service = {each.name: each for each in trio.all()}[name]
        migrate(service.database, service.migrations)
        written = write_revision(service.database, service.migrations, service.metadata, message)
        trio.close()
    print(f"Read and finish {written.relative_to(Path.cwd())}." if written else f"The tables of {name} are what the models say.")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in SERVICES:  # noqa: PLR2004
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
