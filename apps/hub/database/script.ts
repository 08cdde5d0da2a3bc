/**
 * The program that copies a hub's database and restores it, run by the Python of the hub's own image. SQLite's backup
 * interface gives a consistent copy while the hub writes.
 */

/** What the restore finds in its variables, beside those of the store. */
export const COPY_VARIABLES = {
  /**
   * Copy to restore: a file beside the database, or one of the store by its name. `latest` is the store's newest, and
   * without a store the one of before the last new schema.
   */
  copy: "RESTORE_COPY",
} as const;

/** Python 3.10 or newer, with its own library and the module of the store; `before-upgrade` also reads JupyterHub's own migrations. */
export const DATABASE_SCRIPT = String.raw`"""Copies of the hub's database: python3 database.py before-upgrade | backup | restore | list, in its folder."""
import gzip
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from store import Problem, Store, stamp

DATABASE = Path("jupyterhub.sqlite")
# SQLite would replay these into whatever database has this name.
JOURNALS = ("-journal", "-wal", "-shm")


def revision(database):
    """Of its schema; None for a database that JupyterHub did not make."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return None
    return row[0] if row else None


def check(database):
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            [answer] = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok" or revision(database) is None:
        raise Problem(f"{database} is no intact database of JupyterHub: {answer}")


def copy(source, target):
    """A consistent copy, complete or not there at all."""
    part = Path(f"{target}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=60)) as read:
            with closing(sqlite3.connect(part)) as write:
                read.backup(write)
    except sqlite3.DatabaseError as error:
        raise Problem(f"{source} cannot be copied: {error}") from None
    check(part)
    part.replace(target)


def before_upgrade():
    """Keeps a copy if the hub that starts next will change the schema, and refuses a schema that it does not know."""
    if not DATABASE.exists():
        return print("no database yet")
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError
    from jupyterhub import __version__
    from jupyterhub.dbutil import _temp_alembic_ini

    have = revision(DATABASE)
    with _temp_alembic_ini("sqlite://") as ini:
        scripts = ScriptDirectory.from_config(Config(ini))
        newest = scripts.get_current_head()
        if have == newest:
            return print(f"the schema {have} is that of JupyterHub {__version__}")
        try:
            scripts.get_revision(have)
        except CommandError:
            raise Problem(
                f"the schema {have} is of a newer JupyterHub than {__version__}; write the newer version again, "
                f"or restore a copy of the old schema: {', '.join(local_copies()) or 'there is none beside the database'}"
            ) from None
    target = Path(f"{DATABASE}.before-{newest}")
    free, needed = shutil.disk_usage(".").free, 2 * DATABASE.stat().st_size
    if free < needed:
        raise Problem(
            f"the volume has {free >> 20} MiB free, and a copy and the upgrade need {max(1, needed >> 20)} MiB; "
            f"make database.size larger, or delete old copies: {', '.join(local_copies()) or 'none'}"
        )
    copy(DATABASE, target)
    print(f"the schema changes from {have} to {newest}; the copy of before is {target}")


def local_copies():
    return sorted(each.name for each in Path(".").glob(f"{DATABASE}.*") if not each.name.endswith(".part"))


def before():
    """The copies of before a new schema, the newest last."""
    return sorted((each for each in local_copies() if ".before-" in each), key=lambda each: Path(each).stat().st_mtime)


def backup():
    """Stores a copy, then deletes those that are not kept."""
    if not DATABASE.exists():
        raise Problem("there is no database yet; sign in to the hub once")
    store = Store()
    local = Path("/tmp/jupyterhub.sqlite")
    copy(DATABASE, local)
    name = f"{stamp()}.sqlite.gz"
    store.put(name, gzip.compress(local.read_bytes()))
    print(f"stored {store.prefix}{name}, {local.stat().st_size} bytes of schema {revision(local)}")
    for old in store.names()[: -int(os.environ["BACKUP_KEEP"])]:
        store.delete(old)
        print(f"deleted {store.prefix}{old}")


def restore():
    """Puts a copy in the database's place; what was there is kept beside it. The hub may not run."""
    wanted = os.environ["RESTORE_COPY"]
    part = Path(f"{DATABASE}.restored.part")
    if wanted in local_copies():
        shutil.copyfile(wanted, part)
    elif wanted == "latest" and "BACKUP_ENDPOINT" not in os.environ and before():
        wanted = before()[-1]
        shutil.copyfile(wanted, part)
    elif "BACKUP_ENDPOINT" in os.environ:
        part.write_bytes(gzip.decompress(fetched(Store(), wanted)))
    else:
        raise Problem(f"there is no copy {wanted}; beside the database are: {', '.join(local_copies()) or 'none'}")
    check(part)
    time = stamp()
    for suffix in ("", *JOURNALS):
        there = Path(f"{DATABASE}{suffix}")
        if there.exists():
            there.replace(f"{DATABASE}.replaced-{time}{suffix}")
    part.replace(DATABASE)
    print(f"restored {wanted}, schema {revision(DATABASE)}")


def fetched(store, wanted):
    names = store.names()
    if wanted == "latest" and names:
        wanted = names[-1]
    if wanted not in names:
        raise Problem(f"{store.bucket} has no copy {store.prefix}{wanted}; it has: {', '.join(names[-10:]) or 'none'}")
    print(f"reading {store.prefix}{wanted}")
    return store.get(wanted)


def listed():
    for name in [*local_copies(), *(Store().names() if "BACKUP_ENDPOINT" in os.environ else [])]:
        print(name)


if __name__ == "__main__":
    actions = {"before-upgrade": before_upgrade, "backup": backup, "restore": restore, "list": listed}
    try:
        actions[sys.argv[1]]()
    except Problem as problem:
        sys.exit(str(problem))
`;
