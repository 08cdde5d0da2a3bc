"""Copies of people's files by their own jobs, with a real S3 server, as root on a folder in place of the drive's volume."""
import os
import shutil
import subprocess
import time
from pathlib import Path

from hub_lab import main

STORE = "http://127.0.0.1:7070"
BUCKET = "hub-backups"
# Above one part of an upload.
LARGE = 70 << 20


class Jobs:
    def __init__(self, lab):
        self.lab = lab
        self.export = lab.folder / "export"
        self.jobs = lab.settings["jobs"]
        (lab.folder / "programs").mkdir()
        for job in self.jobs.values():
            for path, content in job["files"].items():
                Path(self.here(path)).write_text(self.here(content))

    def here(self, text):
        return text.replace("/opt/labstead", str(self.lab.folder / "programs")).replace("/export", str(self.export))

    def run(self, task, **more):
        """The lines that it says; those of a problem after `refused`."""
        job = self.jobs[task]
        variables = {name: self.here(value) for name, value in job["environment"].items()}
        keys = {"BACKUP_ENDPOINT": STORE, "BACKUP_ACCESS_KEY": "labkey", "BACKUP_SECRET_KEY": "lab-secret"}
        done = subprocess.run(
            [self.here(each) for each in job["command"]],
            env={**os.environ, **variables, **keys, **{name: self.here(value) for name, value in more.items()}},
            capture_output=True,
            text=True,
        )
        if "Traceback" in done.stderr:
            raise RuntimeError(done.stderr)
        return done.stdout.splitlines() if done.returncode == 0 else ["refused", done.stderr]


def make(export, numbers):
    """The drive as its own program leaves it, with people's files."""
    (export / ".homes").mkdir(parents=True)
    (export / ".homes" / "numbers.json").write_text(numbers)
    for folder in ("homes/ada/shared/data", "homes/grace", "shared/data"):
        (export / folder).mkdir(parents=True)


def fill(export):
    ada = export / "homes/ada"
    (ada / "notes").write_text("mine")
    (ada / "notes").chmod(0o600)
    os.link(ada / "notes", ada / "the-same-notes")
    (ada / "run.sh").write_text("#!/bin/sh\n")
    (ada / "run.sh").chmod(0o755)
    (ada / "äöü " / "deep").mkdir(parents=True)
    (ada / "outside").symlink_to("../../../../etc/passwd")
    os.mkfifo(ada / "pipe")
    (export / "homes/grace/large").write_bytes(os.urandom(LARGE))
    (export / "shared/data/set").write_text("first")
    for name, uid in (("ada", 100_007), ("grace", 100_003)):
        subprocess.run(["chown", "--recursive", "--no-dereference", f"{uid}:100", export / "homes" / name], check=True)
    os.chown(export / "shared/data", 1000, 1000)


def contents(export):
    """Of everything but a pipe: kind, mode, and what is in it."""
    seen = {}
    for top in ("homes", "shared"):
        for root, folders, files in os.walk(export / top):
            for name in folders + files:
                path = Path(root) / name
                status = path.lstat()
                if path.is_symlink():
                    seen[str(path)] = os.readlink(path)
                elif path.is_file():
                    seen[str(path)] = [status.st_mode, path.read_bytes()]
                elif path.is_dir():
                    seen[str(path)] = status.st_mode
    return seen


def scenario(lab):
    jobs = Jobs(lab)
    make(jobs.export, '{"ada": 100007, "grace": 100003}')
    fill(jobs.export)
    with lab.store(BUCKET):
        seen = {**stored(lab, jobs), **exported(jobs), **lost(jobs)}
        seen["other keys"] = "refused: 403" if "403" in jobs.run("backup", BACKUP_SECRET_KEY="guessed")[-1] else "not refused"
    said = jobs.run("backup")
    seen["without the store"] = "refused: it does not answer" if "does not answer" in said[-1] else said
    return seen


def stored(lab, jobs):
    first = jobs.run("backup")
    for _ in range(2):
        time.sleep(1.1)
        jobs.run("backup")
    files = lab.folder / "objects" / BUCKET / "hubs/physics/files"
    seen = {"stored": [line.split(" ")[1].removeprefix("hubs/physics/files/").rpartition("/")[0] for line in first]}
    seen["kept"] = len(list((files / "homes/ada").glob("*.tar.gz")))
    seen["parts"] = all(each.stat().st_size > LARGE for each in (files / "homes/grace").glob("*.tar.gz"))
    # Nobody's files come into another's copy.
    os.rename(jobs.export / "homes/ada/äöü ", lab.folder / "aside")
    (jobs.export / "homes/ada/äöü ").symlink_to("../grace")
    jobs.run("backup")
    newest = sorted((files / "homes/ada").glob("*.tar.gz"))[-1]
    names = subprocess.run(["tar", "-tzf", newest], capture_output=True, text=True, check=True).stdout
    seen["a link in place of a folder"] = "large" not in names and "outside" in names
    (jobs.export / "homes/ada/äöü ").unlink()
    os.rename(lab.folder / "aside", jobs.export / "homes/ada/äöü ")
    time.sleep(1.1)
    jobs.run("backup")
    return seen


def exported(jobs):
    ada = jobs.run("export", EXPORT_FOLDER="/export/homes/ada", EXPORT_NAME="ada")
    nobody = jobs.run("export", EXPORT_FOLDER="/export/homes/mallory", EXPORT_NAME="mallory")
    return {
        "exported": [line.split(" ")[1].removeprefix("hubs/physics/files/").rpartition("/")[0] for line in ada],
        "nobody's": "there is no home of mallory" if "no server has ever had this home" in nobody[0] else nobody,
    }


def lost(jobs):
    export = jobs.export
    before = contents(export)
    shutil.rmtree(export)
    # A new drive gives other numbers, and has made a new home already.
    make(export, "{}")
    seen = {"after the loss": [line.partition(" of ")[0] for line in jobs.run("restore")]}
    seen["the same files"] = contents(export) == before
    uids = {name: (export / path).lstat().st_uid for name, path in PATHS.items()}
    seen["owners"] = uids
    seen["again"] = [f"{line.split(' ')[0]} stays" for line in jobs.run("restore") if "stays as it is" in line]
    said = jobs.run("restore", RESTORE_NAME="homes/ada")
    seen["of one that is there"] = "refused: it has files" if "has files" in said[-1] else said
    times = sorted(each.split("/")[-1] for each in stored_times(jobs))
    shutil.rmtree(export / "homes/ada")
    jobs.run("restore", RESTORE_NAME="homes/ada", RESTORE_TIME=times[0])
    # The earlier copy has the link in place of the folder.
    seen["of an earlier time"] = (export / "homes/ada/äöü ").is_symlink()
    said = jobs.run("restore", RESTORE_NAME="homes/mallory")
    seen["of nobody"] = "refused: no copy" if "no copy of homes/mallory" in said[-1] else said
    return seen


PATHS = {"ada": "homes/ada", "ada's file": "homes/ada/notes", "grace": "homes/grace", "data": "shared/data"}


def stored_times(jobs):
    files = jobs.lab.folder / "objects" / BUCKET / "hubs/physics/files/homes/ada"
    return [each.name.removesuffix(".tar.gz") for each in files.glob("*.tar.gz")]


if __name__ == "__main__":
    main(scenario)
