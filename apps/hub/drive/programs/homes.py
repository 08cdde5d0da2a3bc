#!/usr/bin/env python3
"""Makes homes on a drive, each with its owner and its limit, before a server mounts them: homes.py CONFIG

The hub asks over HTTP, with the token of $DRIVE_TOKEN: `PUT /homes/<name>` answers 200 and {"uid": <number or null>}
when the home is there. 400 a name that is none; 401 another token; 503 what the drive cannot do now, with the reason.
`GET /health` answers 200 as soon as all limits are set.

CONFIG is JSON: root, port, owner ("shared-uid" or "own-uid"), user and group of shared files, limitGiB of a home or
null, folders to make below `shared` in each home, directories (name: limitGiB or null) below `shared` of the drive.
"""
import hmac
import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# Above the users of images and of Debian's login.defs.
FIRST_NUMBER = 100_000
# Jupyter's images let every member of the group `users` run their programs.
USERS_GROUP = 100
COMMAND_SECONDS = 600


class Unavailable(Exception):
    """What the drive cannot do now."""


class Registry:
    """Numbers of homes: uid of the owner and project of the limit. None is ever given to another home."""

    def __init__(self, path):
        self.path = path
        self.numbers = json.loads(path.read_text()) if path.exists() else {}

    def number(self, key):
        if key not in self.numbers:
            self.numbers[key] = max(self.numbers.values(), default=FIRST_NUMBER - 1) + 1
            self.save()
        return self.numbers[key]

    def save(self):
        draft = self.path.with_suffix(".new")
        with open(draft, "w") as file:
            json.dump(self.numbers, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.path)


class Limits:
    """Project quotas of XFS, by its own programs."""

    def __init__(self, root):
        self.root = str(root)
        self.available = counts_projects(self.root)

    def set(self, path, number, gib):
        if not self.available:
            if gib is not None:
                raise Unavailable(
                    "the drive's volume cannot limit what a folder takes: its class has to make XFS with the mount option prjquota"
                )
            return
        if project_of(path) != number:
            self.quota(f"project -s -p {path} {number}")
        self.quota(f"limit -p bhard={gib or 0}g {number}")

    def quota(self, command):
        run("xfs_quota", "-x", "-c", command, self.root)


def counts_projects(root):
    """Whether the file system of a folder is XFS that counts what belongs to a project."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    around = [(point, kind, options) for _, point, kind, options, *_ in mounts if is_below(root, point)]
    # Of two mounts at one point the later one is seen, and `sorted` keeps their order.
    _, kind, options = sorted(around, key=lambda mount: len(mount[0]))[-1]
    return kind == "xfs" and not {"prjquota", "pquota"}.isdisjoint(options.split(","))


def is_below(path, point):
    return point == "/" or path == point or path.startswith(f"{point}/")


def project_of(path):
    """What `xfs_io` prints is `projid = 7`."""
    return int(run("xfs_io", "-r", "-c", "lsproj", str(path)).split("=")[1])


def run(*command):
    """xfs_quota ends with 0 also when it failed, and then says why."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{command[0]}: {error}") from error
    if done.returncode != 0 or done.stderr:
        raise Unavailable(f"{command[0]}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


class Drive:
    def __init__(self, config):
        self.config = config
        self.root = Path(config["root"])
        self.homes = self.root / "homes"
        state = self.root / ".homes"
        state.mkdir(mode=0o700, exist_ok=True)
        self.registry = Registry(state / "numbers.json")
        self.limits = Limits(self.root)
        self.lock = threading.Lock()
        self.ready = False

    def prepare(self):
        """Sets the limits of all that is there: the configuration may have other ones than before."""
        with self.lock:
            for name, gib in self.config["directories"].items():
                self.limits.set(self.root / "shared" / name, self.registry.number(f"shared/{name}"), gib)
        for home in sorted(self.homes.iterdir()):
            if home.is_dir() and NAME.fullmatch(home.name):
                self.make(home.name)
        self.ready = True

    def make(self, name):
        """The uid of the home's owner; None where all homes have one. A second time it changes nothing."""
        with self.lock:
            number, home = self.registry.number(name), self.homes / name
            own = self.config["owner"] == "own-uid"
            uid, gid = (number, USERS_GROUP) if own else (self.config["user"], self.config["group"])
            with Folder.root(self.homes) as homes:
                # Others pass through: a node's root, who is nobody here, mounts shared directories below.
                with homes.inside(name, uid, gid, 0o711) as inside:
                    self.limits.set(home, number, self.config["limitGiB"])
                    if self.config["folders"]:
                        with inside.inside("shared", uid, gid, 0o755) as shared:
                            for folder in self.config["folders"]:
                                shared.inside(folder, uid, gid, 0o755).close()
            return number if own else None


class Folder:
    """An open folder. What is below is reached through it: people may put links in place of their folders."""

    def __init__(self, descriptor):
        self.descriptor = descriptor

    @classmethod
    def root(cls, path):
        return cls(os.open(path, os.O_RDONLY | os.O_DIRECTORY))

    def inside(self, name, uid, gid, mode):
        """A folder of this owner; one that is there keeps its mode, which is its owner's choice."""
        try:
            os.mkdir(name, 0o700, dir_fd=self.descriptor)
            made = True
        except FileExistsError:
            made = False
        folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=self.descriptor)
        if os.fstat(folder).st_uid != uid:
            os.fchown(folder, uid, gid)
        if made:
            os.fchmod(folder, mode)
        return Folder(folder)

    def close(self):
        os.close(self.descriptor)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Handler(BaseHTTPRequestHandler):
    timeout = 30

    def do_GET(self):
        self.answer(200 if self.path == "/health" and self.server.drive.ready else 503, {})

    def do_PUT(self):
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            return self.answer(401, {"message": "another token is needed"})
        folder, _, name = self.path.lstrip("/").partition("/")
        if folder != "homes" or not NAME.fullmatch(name):
            return self.answer(400, {"message": "write PUT /homes/<name>"})
        try:
            return self.answer(200, {"uid": self.server.drive.make(name)})
        except (Unavailable, OSError) as error:
            print(f"{name}: {error}", flush=True)
            return self.answer(503, {"message": str(error)})

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_request(self, code="-", size="-"):
        """Probes would fill the log."""


def main(path):
    config = json.loads(Path(path).read_text())
    drive = Drive(config)
    server = ThreadingHTTPServer(("", config["port"]), Handler)
    server.drive, server.token = drive, os.environ["DRIVE_TOKEN"]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        drive.prepare()
    except (Unavailable, OSError) as error:
        sys.exit(str(error))
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
