"""Copies of the hub's database by its own program: scheduled ones in a real S3 server, one before a new schema, and the ways back."""
import os
import subprocess

from hub_lab import Browser, main

STORE = "http://127.0.0.1:7070"
BUCKET = "hub-backups"


class Copies:
    """The program, as the rendered jobs run it."""

    def __init__(self, lab, python):
        self.lab = lab
        self.python = python
        self.variables = {
            **lab.settings["variables"],
            "BACKUP_ENDPOINT": STORE,
            "BACKUP_ACCESS_KEY": "labkey",
            "BACKUP_SECRET_KEY": "lab-secret",
        }

    def run(self, action, **more):
        """What it says, and its problem on a line of its own."""
        environment = {**os.environ, **self.variables, **more}
        script = str(self.lab.folder / "database.py")
        done = subprocess.run([self.python, script, action], cwd=self.lab.data, env=environment, capture_output=True, text=True)
        if "Traceback" in done.stderr:
            raise RuntimeError(done.stderr)
        return (done.stdout if done.returncode == 0 else f"refused: {done.stderr}").strip()


def scenario(lab):
    (lab.folder / "database.py").write_text(lab.settings["script"])
    (lab.folder / "store.py").write_text(lab.settings["store"])
    old, new = Copies(lab, lab.settings["oldPython"]), Copies(lab, lab.settings["newPython"])
    with lab.proxy(), lab.store(BUCKET):
        return {**scheduled(lab, old), **upgraded(lab, old, new), **lost(lab, old)}


def scheduled(lab, old):
    seen = {"before the first start": old.run("before-upgrade"), "nothing to store": old.run("backup")}
    lab.ada = Browser(lab)
    with lab.hub("hub.py", old.python):
        lab.ada.sign_in("ada", "any")
        lab.first = lab.ada.start_server("ada")
        seen["same release"] = "is that of JupyterHub" in old.run("before-upgrade")
        for _ in range(3):
            seen["while the hub runs"] = old.run("backup").split(" ")[0]
            subprocess.run(["sleep", "1.1"], check=True)
    seen["kept"] = len(stored(old))
    seen["other keys"] = "403" in old.run("backup", BACKUP_SECRET_KEY="guessed")
    seen["another bucket"] = "404" in old.run("backup", BACKUP_BUCKET="nothing-there")
    return seen


def stored(copies):
    return [line for line in copies.run("list").splitlines() if line.endswith(".gz")]


def upgraded(lab, old, new):
    seen = {"new release": "the copy of before is" in new.run("before-upgrade")}
    with lab.hub("hub.py", new.python):
        seen["under the new one"] = lab.ada.is_in() and lab.ada.server_text("ada") == lab.first
    seen["the old one is refused"] = "of a newer JupyterHub" in old.run("before-upgrade")
    copy = next(name for name in old.run("list").splitlines() if ".before-" in name)
    seen["way back"] = old.run("restore", RESTORE_COPY=copy).split(" ")[0]
    old.variables.pop("BACKUP_ENDPOINT")
    seen["without a store"] = copy in old.run("restore", RESTORE_COPY="latest")
    old.variables["BACKUP_ENDPOINT"] = STORE
    return {**seen, "the old one again": works(lab, old)}


def lost(lab, old):
    database = lab.data / "jupyterhub.sqlite"
    database.write_bytes(b"no database")
    (lab.data / "jupyterhub.sqlite-journal").write_bytes(b"of the lost one")
    seen = {
        "a broken one is not stored": "refused" in old.run("backup"),
        "no such copy": "has no copy" in old.run("restore", RESTORE_COPY="yesterday"),
        "from the store": old.run("restore", RESTORE_COPY="latest").splitlines()[-1].split(" ")[0],
        "journal": (lab.data / "jupyterhub.sqlite-journal").exists(),
    }
    return {**seen, "after the loss": works(lab, old)}


def works(lab, copies):
    with lab.hub("hub.py", copies.python):
        return lab.ada.is_in() and lab.ada.server_text("ada") == lab.first


if __name__ == "__main__":
    main(scenario)
