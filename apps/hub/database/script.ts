/**
 * The program that copies a hub's database and restores it, run by the Python of the hub's own image. SQLite's backup
 * interface gives a consistent copy while the hub writes.
 */

/** Variables of the program. */
export const COPY_VARIABLES = {
  endpoint: "BACKUP_ENDPOINT",
  region: "BACKUP_REGION",
  bucket: "BACKUP_BUCKET",
  prefix: "BACKUP_PREFIX",
  keep: "BACKUP_KEEP",
  accessKey: "BACKUP_ACCESS_KEY",
  secretKey: "BACKUP_SECRET_KEY",
  /**
   * Copy to restore: a file beside the database, or one of the store by its name. `latest` is the store's newest, and
   * without a store the one of before the last new schema.
   */
  copy: "RESTORE_COPY",
} as const;

/** Python 3.10 or newer, with nothing but its library; `before-upgrade` also reads JupyterHub's own migrations. */
export const DATABASE_SCRIPT = String.raw`"""Copies of the hub's database: python3 database.py before-upgrade | backup | restore | list, in its folder."""
import gzip
import hashlib
import hmac
import os
import shutil
import sqlite3
import sys
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path

DATABASE = Path("jupyterhub.sqlite")
# SQLite would replay these into whatever database has this name.
JOURNALS = ("-journal", "-wal", "-shm")
ANSWER_SECONDS = 300


class Problem(Exception):
    """What a person can do something about."""


def now():
    return datetime.now(timezone.utc)


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


class Store:
    """One folder of a bucket, by the S3 protocol (signature version 4)."""

    def __init__(self):
        self.endpoint = os.environ["BACKUP_ENDPOINT"].rstrip("/")
        self.region = os.environ["BACKUP_REGION"]
        self.bucket = os.environ["BACKUP_BUCKET"]
        self.prefix = os.environ["BACKUP_PREFIX"]
        self.access = os.environ["BACKUP_ACCESS_KEY"]
        self.secret = os.environ["BACKUP_SECRET_KEY"]

    def names(self):
        """Of the copies, the oldest first."""
        found, more = [], {}
        while True:
            answer = self.ask("GET", "", {"list-type": "2", "prefix": self.prefix, **more})
            tree = xml.etree.ElementTree.fromstring(answer)
            for each in tree.iter():
                if each.tag.endswith("}Key") or each.tag == "Key":
                    found.append(each.text.removeprefix(self.prefix))
            token = [each.text for each in tree.iter() if each.tag.endswith("NextContinuationToken")]
            if not token:
                return sorted(found)
            more = {"continuation-token": token[0]}

    def put(self, name, content):
        self.ask("PUT", self.prefix + name, body=content)

    def get(self, name):
        return self.ask("GET", self.prefix + name)

    def delete(self, name):
        self.ask("DELETE", self.prefix + name)

    def ask(self, method, key, query=None, body=b""):
        path = urllib.parse.quote(urllib.parse.urlsplit(self.endpoint).path + f"/{self.bucket}" + (f"/{key}" if key else ""))
        arguments = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in sorted((query or {}).items()))
        parts = urllib.parse.urlsplit(self.endpoint)
        url = f"{parts.scheme}://{parts.netloc}{path}" + (f"?{arguments}" if arguments else "")
        headers = self.signed(method, parts.netloc, path, arguments, body)
        request = urllib.request.Request(url, data=body or None, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")[:300]
            raise Problem(f"{self.endpoint} answers {method} of {path} with {error.code}: {said}") from None
        except OSError as error:
            raise Problem(f"{self.endpoint} does not answer: {error}") from None

    def signed(self, method, host, path, arguments, body):
        time = now().strftime("%Y%m%dT%H%M%SZ")
        digest = hashlib.sha256(body).hexdigest()
        headers = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": time}
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        canonical = "\n".join([method, path, arguments, lines, names, digest])
        scope = f"{time[:8]}/{self.region}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", time, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = f"AWS4{self.secret}".encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        credential = f"AWS4-HMAC-SHA256 Credential={self.access}/{scope}, SignedHeaders={names}, Signature={signature}"
        return {**headers, "authorization": credential}


def quoted(text):
    return urllib.parse.quote(text, safe="-_.~")


def backup():
    """Stores a copy, then deletes those that are not kept."""
    if not DATABASE.exists():
        raise Problem("there is no database yet; sign in to the hub once")
    store = Store()
    local = Path("/tmp/jupyterhub.sqlite")
    copy(DATABASE, local)
    name = f"{now().strftime('%Y-%m-%dT%H-%M-%SZ')}.sqlite.gz"
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
    stamp = now().strftime("%Y-%m-%dT%H-%M-%SZ")
    for suffix in ("", *JOURNALS):
        there = Path(f"{DATABASE}{suffix}")
        if there.exists():
            there.replace(f"{DATABASE}.replaced-{stamp}{suffix}")
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
