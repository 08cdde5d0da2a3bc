"""The journal of a machine: the process that finds one finishes or rolls back what is in it."""
import fcntl
import os
import shutil
import time

from machine_files import Refused, new_name, old_name, read_json, sync_directory, unlink, write_json
from machine_services import restore_services

# Seconds: another push on this machine may be reloading services.
LOCK_TIMEOUT = 300


class Store:
    """Folder of a machine with the record of pushes; for root alone."""

    def __init__(self, directory):
        os.makedirs(directory, mode=0o700, exist_ok=True)
        os.chmod(directory, 0o700)
        self.stage = os.path.join(directory, "stage")
        self.journal = os.path.join(directory, "journal.json")
        self.manifest = os.path.join(directory, "manifest.json")
        self.lock = os.open(os.path.join(directory, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.wait()

    def wait(self):
        until = time.monotonic() + LOCK_TIMEOUT
        while True:
            try:
                fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Refused("another push has been running on this machine for %s s" % LOCK_TIMEOUT) from None
                time.sleep(0.1)

    def recover(self):
        """Ends what an interrupted push began. Returns the problems of services that did not start again."""
        journal = read_json(self.journal, None)
        if journal is None:
            self.clean()
            return []
        if journal["committed"]:
            self.finish(journal)
            return []
        self.restore(journal)
        problems = restore_services(journal)
        self.forget(journal)
        return problems

    def restore(self, journal):
        """The old files. What was not replaced yet has no old name, or one that is the same file."""
        for entry in reversed(journal["entries"]):
            path, old = entry["path"], old_name(entry["path"])
            if not entry["existed"]:
                unlink(path)
            elif os.path.lexists(old):
                os.rename(old, path)
                unlink(old)
            unlink(new_name(path))
        for directory in reversed(journal["directories"]):
            try:
                os.rmdir(directory)
            except OSError:
                pass

    def finish(self, journal):
        write_json(self.manifest, {"files": journal["files"]})
        for entry in journal["entries"]:
            unlink(old_name(entry["path"]))
            unlink(new_name(entry["path"]))
        self.forget(journal)

    def forget(self, journal):
        for directory in {os.path.dirname(entry["path"]) for entry in journal["entries"]}:
            if os.path.isdir(directory):
                sync_directory(directory)
        unlink(self.journal)
        sync_directory(os.path.dirname(self.journal))
        self.clean()

    def clean(self):
        shutil.rmtree(self.stage, ignore_errors=True)
