"""Copies of people's files in the object store: home_copies.py backup | export | restore

`backup` stores each folder of $COPIED_FOLDERS (absolute paths, one or more, separated by `:`) as
`<its folder's name>/<name>/<time>.tar.gz`, and keeps $BACKUP_KEEP of each. `export` stores the folder $EXPORT_FOLDER as
`left/$EXPORT_NAME/<time>.tar.gz`, which `backup` never deletes. `restore` puts back $RESTORE_NAME, such as `homes/ada`, or
with `all` whatever is missing, from the newest copy or that of $RESTORE_TIME; it needs the drive stopped, where there is
one. A copy is complete, or not there at all.
"""
import os
import shutil
import stat
import sys
import tarfile
from pathlib import Path

from store import Problem, Store, stamp

END = ".tar.gz"
# Of unfinished restores, which begin again.
PART = ".restored.part"


def folders():
    return [Path(each) for each in os.environ["COPIED_FOLDERS"].split(":")]


def stored(store, name, folder, time):
    """One folder with all that is in it."""
    with store.upload(f"{name}/{time}{END}") as file:
        with tarfile.open(fileobj=file, mode="w|gz", format=tarfile.PAX_FORMAT) as archive:
            copy = Copy(archive)
            copy.add(str(folder), ".", None)
    left = f"; {len(copy.left_out)} were left out, such as {copy.left_out[0]}" if copy.left_out else ""
    print(f"stored {store.prefix}{name}/{time}{END}, {file.size} bytes{left}", flush=True)


class Copy:
    """Reads by open folders: a link that a person puts in place of a folder meanwhile leads nowhere."""

    def __init__(self, archive):
        self.archive = archive
        self.left_out = []

    def add(self, name, path, parent):
        """Files that go meanwhile are left out, as is what is neither file, folder nor link."""
        try:
            status = os.stat(name, dir_fd=parent, follow_symlinks=False)
            if stat.S_ISLNK(status.st_mode):
                return self.archive.addfile(entry(path, status, tarfile.SYMTYPE, link=os.readlink(name, dir_fd=parent)))
            if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
                return
            opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=parent)
        except OSError as error:
            self.left_out.append(f"{path}: {error.strerror}")
            return
        try:
            self.add_open(opened, path)
        finally:
            os.close(opened)

    def add_open(self, opened, path):
        status = os.fstat(opened)
        if stat.S_ISREG(status.st_mode):
            content = Padded(opened, status.st_size)
            self.archive.addfile(entry(path, status, tarfile.REGTYPE, size=status.st_size), content)
        elif stat.S_ISDIR(status.st_mode):
            self.archive.addfile(entry(path, status, tarfile.DIRTYPE))
            for name in sorted(os.listdir(opened)):
                self.add(name, f"{path}/{name}", opened)


def entry(path, status, kind, size=0, link=""):
    made = tarfile.TarInfo(path)
    made.type, made.size, made.linkname = kind, size, link
    made.mode, made.mtime = stat.S_IMODE(status.st_mode), status.st_mtime
    made.uid, made.gid = status.st_uid, status.st_gid
    return made


class Padded:
    """As many bytes as the archive was promised, of a file that may shrink while it is read."""

    def __init__(self, opened, size):
        self.opened = opened
        self.left = size

    def read(self, size):
        wanted = min(size, self.left)
        content = b""
        while len(content) < wanted:
            more = os.read(self.opened, wanted - len(content))
            content += more or bytes(wanted - len(content))
        self.left -= wanted
        return content


def backup():
    store, time = Store(), stamp()
    for parent in folders():
        for folder in sorted(parent.iterdir()):
            if folder.is_dir() and not folder.is_symlink() and not folder.name.endswith(PART):
                stored(store, f"{parent.name}/{folder.name}", folder, time)
    kept = int(os.environ["BACKUP_KEEP"])
    for name, times in copies(store).items():
        if not name.startswith("left/"):
            for old in times[:-kept]:
                store.delete(f"{name}/{old}{END}")
                print(f"deleted {store.prefix}{name}/{old}{END}")


def export():
    folder = Path(os.environ["EXPORT_FOLDER"])
    if not folder.is_dir():
        return print(f"there is no {folder}: no server has ever had this home")
    stored(Store(), f"left/{os.environ['EXPORT_NAME']}", folder, stamp())


def copies(store):
    """Times of the copies of each folder, the oldest first."""
    found = {}
    for each in store.names():
        name, _, file = each.rpartition("/")
        if file.endswith(END) and name.count("/") == 1:
            found.setdefault(name, []).append(file.removesuffix(END))
    return found


def restore():
    store, wanted, time = Store(), os.environ["RESTORE_NAME"], os.environ["RESTORE_TIME"]
    there, parents = copies(store), {parent.name: parent for parent in folders()}
    names = [name for name in there if name.split("/")[0] in parents] if wanted == "all" else [wanted]
    if not set(names) <= set(there) or not names:
        raise Problem(f"{store.bucket} has no copy of {wanted}; it has: {', '.join(there) or 'none'}")
    for name in names:
        parent, folder = name.split("/")
        target = parents[parent] / folder
        newest = there[name][-1] if time == "latest" else time
        if newest not in there[name]:
            raise Problem(f"{name} has no copy of {newest}; it has: {', '.join(there[name])}")
        if files_in(target):
            if wanted != "all":
                raise Problem(f"{target} has files; move it away, and restore it then")
            print(f"{name} has files, and stays as it is")
            continue
        put_back(store, f"{name}/{newest}{END}", target)
        print(f"restored {name} of {newest}", flush=True)


def files_in(folder):
    """Whether anything but folders is in it: a drive makes those of a new home."""
    return any(files for _, _, files in os.walk(folder))


def put_back(store, name, target):
    """Into a folder that nobody else can enter, where no link leads out; then in its place."""
    part = target.with_name(target.name + PART)
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    inside = part / "content"
    with store.open(name) as content, tarfile.open(fileobj=content, mode="r|gz") as archive:
        # With owners and all modes; a Python before 3.12 needs no filter for that.
        archive.extraction_filter = lambda member, _: member
        archive.extractall(inside, numeric_owner=True)
    give_owner(target, inside)
    if target.exists():
        shutil.rmtree(target)
    inside.rename(target)
    part.rmdir()


def give_owner(target, inside):
    """Where a drive gives each home a number of its own, the number may be another one than that of the copy."""
    if "DRIVE_CONFIG" not in os.environ or target.parent.name != "homes":
        return
    import json

    from homes import Drive

    drive = Drive(json.loads(Path(os.environ["DRIVE_CONFIG"]).read_text()))
    if drive.config["owner"] != "own-uid":
        return
    before, number = inside.stat().st_uid, drive.registry.number(target.name)
    if before == number:
        return
    for path in [inside, *(Path(root) / name for root, folders, files in os.walk(inside) for name in folders + files)]:
        if path.lstat().st_uid == before:
            os.lchown(path, number, -1)


if __name__ == "__main__":
    try:
        {"backup": backup, "export": export, "restore": restore}[sys.argv[1]]()
    except Problem as problem:
        sys.exit(str(problem))
