"""
Runs on a machine when MachineFiles pushes to it or reads its files: these modules are sent over SSH with a request.

The request is JSON on standard input; the answer is one line on standard output, after ANSWER. Candidates are
written beside their targets, old files are kept as hard links, and a journal records what to undo. Python 3.6 or newer,
nothing else.
"""
import json
import os
import signal
import sys

from machine_files import Refused, Undone, look, read_json
from machine_push import Push
from machine_services import run
from machine_store import Store

ANSWER = "labstead-answer:"


def answer(value):
    try:
        sys.stdout.write("%s%s\n" % (ANSWER, json.dumps(value)))
        sys.stdout.flush()
    except BrokenPipeError:
        pass


def looked(request):
    paths = [file["path"] for file in request["files"]] + request["previous"]
    return {path: look(path) for path in paths}


def await_machine(request):
    """Before anything is locked: a first boot takes minutes."""
    awaits = request["awaits"]
    problem = run(awaits["run"], awaits["timeoutSeconds"]) if awaits["run"] else None
    if problem is not None:
        raise Refused("it is not ready for files: %s: %s" % (" ".join(awaits["run"]), problem))


def work(request):
    """Executes the request, and returns how the files are now."""
    outcome, problem, begun = "done", None, False
    try:
        await_machine(request)
        store = Store(request["directory"])
        problems = store.recover()
        if request["action"] == "push":
            begun = True
            Push(store, request).run()
        elif problems:
            outcome, problem = "undone", "\n".join(problems)
    except (Refused, Undone, OSError) as error:
        outcome, problem = "undone" if isinstance(error, Undone) else "refused", str(error)
        if begun and read_json(store.journal, None) is None:
            store.clean()
    answer({"outcome": outcome, "problem": problem, "files": looked(request)})


def main():
    """A worker, and a parent that rolls back what it began if it is killed. The end of a connection ends neither."""
    request = json.loads(sys.stdin.buffer.read().decode())
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    worker = os.fork()
    if worker == 0:
        work(request)
        os._exit(0)
    _, status = os.waitpid(worker, 0)
    if os.WIFSIGNALED(status) or os.WEXITSTATUS(status) != 0:
        cause = "" if not os.WIFSIGNALED(status) else " by signal %s" % os.WTERMSIG(status)
        problems = Store(request["directory"]).recover()
        problem = "\n".join(["the push was ended on the machine%s" % cause] + problems)
        answer({"outcome": "undone", "problem": problem, "files": looked(request)})
