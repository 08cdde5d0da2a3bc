"""Files of a machine: how one is written, and what identifies its version."""
import grp
import hashlib
import json
import os
import pwd
import stat


class Refused(Exception):
    """Why a push is refused."""


class Undone(Exception):
    """Why a push was rolled back after files had been replaced."""


def new_name(path):
    return os.path.join(os.path.dirname(path), "." + os.path.basename(path) + ".labstead-new")


def old_name(path):
    return os.path.join(os.path.dirname(path), "." + os.path.basename(path) + ".labstead-old")


def unlink(path):
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def sync_directory(path):
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path, content, mode=0o600, owner=None):
    """A file that is complete on the disk, with its owner and mode from its first byte on."""
    unlink(path)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        if owner is not None:
            os.fchown(handle, *owner)
        os.fchmod(handle, mode)
        file.write(content)
        file.flush()
        os.fsync(handle)


def write_json(path, value):
    write(path + ".new", json.dumps(value).encode())
    os.rename(path + ".new", path)
    sync_directory(os.path.dirname(path))


def read_json(path, default):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return default


def account(function, number, attribute):
    try:
        return getattr(function(number), attribute)
    except KeyError:
        return str(number)


def look(path):
    """What is at a path: None, or what identifies the file."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return {"kind": "directory" if stat.S_ISDIR(found.st_mode) else "other"}
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    owner = account(pwd.getpwuid, found.st_uid, "pw_name") + ":" + account(grp.getgrgid, found.st_gid, "gr_name")
    return {"kind": "file", "sha256": digest, "owner": owner, "mode": "%04o" % stat.S_IMODE(found.st_mode)}


def ids(owner):
    user, _, group = owner.partition(":")
    try:
        return (pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid)
    except KeyError as error:
        raise Refused("owner %s: %s" % (owner, str(error).strip("'\""))) from None
