"""Writes the migration that leads from the tables of the last one to those of ``hub/store/tables.py``.

    python -m tools.migration "what changes"

Read what it wrote before it is committed: a column that was renamed looks like one that went and one that came.
"""

import re
import sys
from pathlib import Path

import sqlalchemy
from alembic import command
from alembic.config import Config

from hub.store.database import sqlite_module

FOLDER = Path("hub/store/migrations")
_REMARK = re.compile(r"\n    # ### [^\n]*")


def main() -> None:
    """Write the next migration, numbered."""
    number = f"{len(list((FOLDER / 'versions').glob('[0-9]*.py'))) + 1:04d}"
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    engine = sqlalchemy.create_engine("sqlite://", module=sqlite_module(), poolclass=sqlalchemy.StaticPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        script = command.revision(config, message=sys.argv[1], autogenerate=True, rev_id=number)
    path = Path(script.path)  # type: ignore[union-attr]  # one revision was asked for, so there is one
    path.write_text(_REMARK.sub("", path.read_text("utf-8")), "utf-8")
    print(path)


if __name__ == "__main__":
    main()
