"""Programs and units of a machine."""
import os
import subprocess

from machine_files import Refused

# Seconds: a validator or systemctl that takes longer has failed.
COMMAND_TIMEOUT = 90
# Characters of a program's output in an answer.
WORDS = 2000


def run(command, timeout=COMMAND_TIMEOUT):
    """None if a program succeeds, or its output."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin"
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PATH": path}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "no end after %s s" % timeout
    except OSError as error:
        return str(error)
    if done.returncode == 0:
        return None
    words = done.stdout.decode(errors="replace").strip()[-WORDS:]
    return words or "exit code %s" % done.returncode


def is_active(unit):
    return run(["systemctl", "is-active", "--quiet", unit]) is None


def words_of(unit):
    """The last lines that a unit wrote."""
    command = ["journalctl", "--no-pager", "-q", "-o", "cat", "-n", "12", "-u", unit]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20, check=False
        )
        return done.stdout.decode(errors="replace").strip()[-WORDS:]
    except (OSError, subprocess.TimeoutExpired):
        return ""


def control(verb, unit):
    problem = run(["systemctl", verb, unit])
    if problem is None and run(["systemctl", "is-failed", "--quiet", unit]) is None:
        problem = "the unit has failed"
    if problem is not None:
        raise Refused("\n".join(part for part in ["systemctl %s %s: %s" % (verb, unit, problem), words_of(unit)] if part))


def of_systemd(path):
    return path.startswith(("/etc/systemd/", "/usr/lib/systemd/", "/lib/systemd/", "/usr/local/lib/systemd/"))


def reread_units(paths):
    if any(of_systemd(path) for path in paths):
        problem = run(["systemctl", "daemon-reload"])
        if problem is not None:
            raise Refused("systemctl daemon-reload: %s" % problem)


def restore_services(journal):
    """Makes services use the old files again. Returns those that failed."""
    problems = []
    try:
        reread_units([entry["path"] for entry in journal["entries"]])
    except Refused as refused:
        problems.append(str(refused))
    for unit, active in journal["active"].items():
        if not active:
            run(["systemctl", "stop", unit])
        # A unit that failed too often is not started again before its failures are forgotten.
        run(["systemctl", "reset-failed", unit])
        try:
            if active:
                control("reload-or-restart", unit)
        except Refused as refused:
            problems.append(str(refused))
    return problems
