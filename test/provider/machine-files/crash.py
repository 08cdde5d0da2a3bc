"""
Kills a push at each of its changes of the disk, once, and lets the next look at the machine clean up; then does the
same to the cleaning up. Prints how it went: every file old, or every file new, and nothing left behind.
Arguments: the agent's folder, an empty folder, and each how many points the cleaning up is killed as well.
"""
import base64
import grp
import hashlib
import json
import os
import pwd
import shutil
import signal
import sys

agent, root, every = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.path.insert(0, agent)
import machine_main  # noqa: E402

OWNER = pwd.getpwuid(os.getuid()).pw_name + ":" + grp.getgrgid(os.getgid()).gr_name
CHANGES = ["open", "rename", "link", "unlink", "mkdir", "rmdir", "fsync", "fchmod", "symlink"]
OLD = {"kept/one": "one, old", "kept/two": "two, old", "kept/gone": "gone"}
NEW = {"kept/one": "one, new", "kept/two": "two, new", "made/deep/three": "three, new", "kept/four": "four, new"}


def path(name):
    return os.path.join(root, "target", name)


def file(name, content, validate=()):
    data = content.encode()
    return {
        "path": path(name),
        "owner": OWNER,
        "mode": "0640",
        "content": base64.b64encode(data).decode(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "validate": list(validate),
        "apply": {"kind": "none"},
    }


def request(action, files, previous=()):
    return {
        "action": action,
        "directory": os.path.join(root, "store"),
        "files": files,
        "previous": list(previous),
        "awaits": {"run": []},
        "units": [],
        "checks": [],
    }


PUSH = request("push", [file(name, content, ["true", "{}"]) for name, content in NEW.items()])
LOOK = request("look", [], [path(name) for name in {**OLD, **NEW}])


def child(task):
    """Runs a task in a process of its own; false if it was killed."""
    pid = os.fork()
    if pid == 0:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            sys.stdout = nowhere
            task()
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status) and status != 0:
        raise SystemExit("the agent failed")
    return not os.WIFSIGNALED(status)


def killed_at(number, work):
    """Does some work and dies right before its change of that number."""
    count = 0

    def counted(function):
        def call(*given, **named):
            nonlocal count
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*given, **named)

        return call

    for name in CHANGES:
        setattr(os, name, counted(getattr(os, name)))
    machine_main.work(work)


def fresh():
    shutil.rmtree(root, ignore_errors=True)
    for name, content in OLD.items():
        os.makedirs(os.path.dirname(path(name)), exist_ok=True)
        with open(path(name), "w", encoding="utf-8") as target:
            target.write(content)
    os.makedirs(os.path.join(root, "store"))
    with open(os.path.join(root, "store", "manifest.json"), "w", encoding="utf-8") as manifest:
        json.dump({"files": [path(name) for name in OLD]}, manifest)


def found():
    files = {}
    for folder, _, names in os.walk(os.path.join(root, "target")):
        for name in names:
            full = os.path.join(folder, name)
            with open(full, encoding="utf-8") as target:
                files[os.path.relpath(full, path(""))] = target.read()
    return files


def folders():
    return sorted(name for name in os.listdir(path("")))


def state():
    store = sorted(os.listdir(os.path.join(root, "store")))
    clean = not [name for name in store if name not in ("lock", "manifest.json", "journal.json.new", "manifest.json.new")]
    files = found()
    if files == OLD and folders() == ["kept"] and clean:
        return "old"
    return "new" if files == NEW and clean else "half: %s in %s, store %s" % (files, folders(), store)


def outcomes(kills):
    """After a push killed at the first number, and its cleaning up at the others."""
    fresh()
    child(lambda: killed_at(kills[0], PUSH))
    for number in kills[1:]:
        child(lambda number=number: killed_at(number, LOOK))
    child(lambda: machine_main.work(LOOK))
    return state()


def main():
    seen = {"old": 0, "new": 0}
    points = 0
    while True:
        points += 1
        fresh()
        if child(lambda: killed_at(points, PUSH)):
            break
        nested = [[points]]
        if points % every == 0:
            nested += [[points, number] for number in range(1, 50, every)]
        for kills in nested:
            result = outcomes(kills)
            if result not in seen:
                print(json.dumps({"kills": kills, "result": result}))
                return
            seen[result] += 1
    print(json.dumps({"points": points - 1, **seen}))


main()
