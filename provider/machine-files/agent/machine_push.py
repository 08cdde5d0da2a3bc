"""One push: all files become the new ones, or stay the old ones."""
import base64
import os

from machine_files import Refused, Undone, ids, look, new_name, old_name, read_json, sync_directory, unlink, write, write_json
from machine_services import control, is_active, reread_units, restore_services, run


def differs(file):
    found = look(file["path"])
    if found is not None and found["kind"] == "directory":
        raise Refused("%s: is a directory" % file["path"])
    wanted = {"kind": "file", "owner": file["owner"], "mode": file["mode"], "sha256": file["sha256"]}
    return found != wanted


class Push:
    def __init__(self, store, request):
        self.store = store
        self.request = request
        wanted = {file["path"] for file in request["files"]}
        known = set(read_json(store.manifest, {"files": []})["files"]) | set(request["previous"])
        self.changed = [file for file in request["files"] if differs(file)]
        self.removed = sorted(path for path in known - wanted if os.path.lexists(path))
        self.candidates = {}

    def run(self):
        # Not in the constructor: what is there is looked at after the wait.
        self.stage()
        journal = self.open()
        try:
            self.place(journal)
        except (Refused, OSError) as error:
            self.store.restore(journal)
            self.store.forget(journal)
            raise Refused(str(error)) from None
        try:
            self.serve(journal)
        except (Refused, OSError) as error:
            self.store.restore(journal)
            problems = restore_services(journal)
            self.store.forget(journal)
            raise Undone("\n".join([str(error)] + ["after the old files came back: " + each for each in problems])) from None
        write_json(self.store.journal, {**journal, "committed": True})
        self.store.finish(journal)

    def stage(self):
        """Each candidate under its own name, as some validators ask for one."""
        os.mkdir(self.store.stage, 0o700)
        for number, file in enumerate(self.changed):
            folder = os.path.join(self.store.stage, str(number))
            os.mkdir(folder, 0o700)
            candidate = os.path.join(folder, os.path.basename(file["path"]))
            write(candidate, base64.b64decode(file["content"]), int(file["mode"], 8), ids(file["owner"]))
            self.candidates[file["path"]] = candidate

    def open(self):
        entries = [{"path": file["path"], "existed": os.path.lexists(file["path"])} for file in self.changed]
        entries += [{"path": path, "existed": True} for path in self.removed]
        for entry in entries:
            unlink(old_name(entry["path"]))
        touched = self.touched()
        journal = {
            "committed": False,
            "entries": entries,
            "directories": self.directories(),
            "files": [file["path"] for file in self.request["files"]],
            "active": {unit: is_active(unit) for unit in touched},
        }
        write_json(self.store.journal, journal)
        return journal

    def directories(self):
        """Those that are not there yet, from above."""
        missing = set()
        for file in self.changed:
            directory = os.path.dirname(file["path"])
            while not os.path.isdir(directory):
                missing.add(directory)
                directory = os.path.dirname(directory)
        return sorted(missing)

    def touched(self):
        """Units that this push reloads, restarts or starts."""
        units = [file["apply"]["unit"] for file in self.changed if file["apply"]["kind"] != "none"]
        return list(dict.fromkeys(units + self.request["units"]))

    def place(self, journal):
        """
        Files that are new come first: nobody reads them yet, and a validator may look for them. Then the validators,
        then all others at once.
        """
        for directory in journal["directories"]:
            os.mkdir(directory, 0o755)
        for file in self.changed:
            path = file["path"]
            write(new_name(path), base64.b64decode(file["content"]), int(file["mode"], 8), ids(file["owner"]))
        fresh = {entry["path"] for entry in journal["entries"] if not entry["existed"]}
        for path in [file["path"] for file in self.changed if file["path"] in fresh and not file["validate"]]:
            os.rename(new_name(path), path)
        self.validate()
        for entry in journal["entries"]:
            if entry["existed"]:
                os.link(entry["path"], old_name(entry["path"]), follow_symlinks=False)
        for file in self.changed:
            if os.path.lexists(new_name(file["path"])):
                os.rename(new_name(file["path"]), file["path"])
        for path in self.removed:
            os.unlink(path)
        for directory in {os.path.dirname(entry["path"]) for entry in journal["entries"]}:
            sync_directory(directory)

    def validate(self):
        problems = []
        for file in self.changed:
            if not file["validate"]:
                continue
            candidate = self.candidates[file["path"]]
            problem = run([word.replace("{}", candidate) for word in file["validate"]])
            if problem is not None:
                problem = problem.replace(candidate, file["path"])
                problems.append("%s: %s: %s" % (file["path"], " ".join(file["validate"]), problem))
        if problems:
            raise Refused("\n".join(problems))

    def serve(self, journal):
        active = journal["active"]
        reread_units([entry["path"] for entry in journal["entries"]])
        applies = [file["apply"] for file in self.changed if file["apply"]["kind"] != "none"]
        restarted = {apply["unit"] for apply in applies if apply["kind"] == "restart"}
        for unit in dict.fromkeys(apply["unit"] for apply in applies):
            if active[unit]:
                control("restart" if unit in restarted else "reload-or-restart", unit)
        for unit in self.request["units"]:
            if not active[unit]:
                control("start", unit)
        for check in self.request["checks"]:
            problem = run(check["run"], check["timeoutSeconds"])
            if problem is not None:
                raise Refused("check %s (%s): %s" % (check["name"], " ".join(check["run"]), problem))
