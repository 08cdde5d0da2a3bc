"""
What the charts of a drive run, by their own command lines, in a network of its own: python drive_lab.py SETTINGS

`settings` has the containers of the drive (command, files by their paths in the container, environment), the hub's
configuration and its spawner's folder, and what to do, step by step. It prints what each step saw. With `device` it is in
a machine of its own: the drive's volume is that device, mounted with `volumeOptions`.
"""
import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
EXPORT = Path("/export")
HOMES = Path("/mnt/homes")
GRACE_SECONDS = 60
# Under the interpreter of Debian, which every user may run.
CLIENT = ["/usr/bin/python3", "/run/nfs-client.py", "127.0.0.1"]


class Lab:
    def __init__(self, settings):
        self.settings = settings
        self.running = {}

    def isolate(self):
        """This process has a network, mounts and process ids of its own."""
        run("ip", "link", "set", "lo", "up")
        EXPORT.mkdir(exist_ok=True)
        if "device" in self.settings:
            run("mount", "-t", "xfs", "-o", self.settings["volumeOptions"], self.settings["device"], str(EXPORT))
        else:
            run("mount", "-t", "tmpfs", "drive", str(EXPORT))
        run("mount", "-t", "tmpfs", "run", "/run")
        os.chmod("/run", 0o755)
        Path("/run/nfs-client.py").write_text((HERE.parent / "gluster/nfs-client.py").read_text())
        hosts = Path("/run/hosts")
        hosts.write_text(f"127.0.0.1 localhost {self.settings['host']}\n")
        run("mount", "--bind", str(hosts), "/etc/hosts")

    def command(self, name):
        """A container's command line, with its mounted files where they are here."""
        container = self.settings["containers"][name]
        files = {}
        for path, content in container["files"].items():
            files[path] = f"/run/{name}-{Path(path).name}"
            Path(files[path]).write_text(content)
        return [files.get(word, word) for word in container["command"]], container["environment"]

    def start(self, name):
        command, environment = self.command(name)
        with open(f"/run/{name}.log", "ab") as log:
            self.running[name] = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)

    def stop(self, name):
        process = self.running.pop(name)
        process.terminate()
        process.wait(30)

    def log(self, name):
        return Path(f"/run/{name}.log").read_text(errors="replace")

    # Steps; each returns what is compared.

    def layout(self):
        run(*self.command("layout")[0])

    def up(self):
        """Both containers, as their readiness probes see them."""
        self.start("homes")
        self.start("ganesha")
        probe = self.settings["ready"]
        until("ganesha", lambda: subprocess.run(probe, capture_output=True).returncode == 0, self)
        until("homes", lambda: self.ask("GET", "/health", "")[0] == 200, self)

    def down(self):
        for name in list(self.running):
            self.stop(name)

    def refused(self):
        """The drive's program ends by itself: with what it said."""
        self.start("homes")
        self.running.pop("homes").wait(20)
        return self.log("homes").strip().splitlines()[-1]

    def ask(self, method, path, token):
        headers = {"Authorization": f"Bearer {token or self.settings['containers']['homes']['environment']['DRIVE_TOKEN']}"}
        request = urllib.request.Request(f"http://127.0.0.1:8099{path}", method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return [answer.status, json.load(answer)]
        except urllib.error.HTTPError as error:
            return [error.code, json.load(error)]
        except OSError as error:
            return [0, str(error)]

    def nfs(self, uid, gid, export, verb, path, text=""):
        """As a client of this user. It asks again while those of before a restart may reclaim what they had open."""
        who = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
        for _ in range(GRACE_SECONDS):
            done = subprocess.run([*who, *CLIENT, export, verb, path], input=text, capture_output=True, text=True)
            if "NFS4ERR_GRACE" not in done.stderr:
                break
            time.sleep(1)
        return done.stdout if done.returncode == 0 else done.stderr.split("NFS4ERR_")[-1].split("(")[0]

    def owner(self, path):
        found = (EXPORT / path).stat()
        return f"{found.st_uid}:{found.st_gid} {found.st_mode & 0o7777:o}"

    def make(self, path):
        (EXPORT / path).mkdir()

    def replace(self, path, target):
        """As a person does who has the right to."""
        place = EXPORT / path
        place.rename(place.with_name("before"))
        place.symlink_to(target)

    def mount(self, options):
        """All homes, as a node's kernel mounts them. @returns what the kernel made of the options"""
        HOMES.mkdir(exist_ok=True)
        run("mount.nfs", "127.0.0.1:/homes", str(HOMES), "-o", options)
        [line] = [each for each in Path("/proc/self/mounts").read_text().splitlines() if f" {HOMES} " in each]
        return line.split()[2:4]

    def unmount(self):
        run("umount", str(HOMES))

    def user(self, uid, gid, command):
        """What a command in all homes prints, or its last word about what went wrong."""
        who = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
        done = subprocess.run([*who, "sh", "-c", command], cwd=HOMES, capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else done.stderr.strip().splitlines()[-1].rsplit(": ", 1)[-1]

    def work(self, uid, gid, command):
        """A command that runs while the next steps happen."""
        who = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
        self.working = subprocess.Popen([*who, "sh", "-ec", command], cwd=HOMES)

    def worked(self):
        return self.working.wait(300)

    def spawn(self, person):
        return asyncio.run(spawned(self.settings, person))


async def spawned(settings, person):
    """The pod that the hub makes, after what it does before."""
    sys.path[:0] = [settings["spawnerFolder"], str(HERE.parent / "hub")]
    os.environ["DRIVE_TOKEN"] = settings["containers"]["homes"]["environment"]["DRIVE_TOKEN"]
    from jupyterhub.objects import Hub
    from kubernetes_asyncio.client import ApiClient
    from labstead_spawner import HomeError, LabSpawner
    from pods import Record, User
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader(settings["config"]).load_config()
    user = User(person["name"])
    user.admin = person.get("admin", False)
    user.groups = [type("Group", (), {"name": name}) for name in person.get("groups", [])]
    hub = Hub(base_url="/hub/", connect_url=config.JupyterHub.hub_connect_url)
    spawner = LabSpawner(config=config, hub=hub, user=user, orm_spawner=Record(), api_token="token", _mock=True)
    try:
        await spawner.run_pre_spawn_hook()
    except HomeError as error:
        return error.jupyterhub_message
    pod = ApiClient().sanitize_for_serialization(await spawner.get_pod_manifest())
    container = pod["spec"]["containers"][0]
    return {
        "user": container["securityContext"]["runAsUser"],
        "group": container["securityContext"]["runAsGroup"],
        "mounts": [
            f"{mount['name']}/{mount.get('subPath', '')} {mount['mountPath']} {'ro' if mount.get('readOnly') else 'rw'}"
            for mount in container["volumeMounts"]
            if mount["mountPath"].startswith("/home")
        ],
    }


def run(*command):
    subprocess.run(command, check=True)


def until(what, holds, lab):
    # An emulated processor takes ten times as long.
    deadline = time.monotonic() + (600 if "device" in lab.settings else 60)
    while not holds():
        if time.monotonic() > deadline or any(each.poll() is not None for each in lab.running.values()):
            raise SystemExit(f"{what} does not answer:\n{lab.log('homes')}\n{lab.log('ganesha')}")
        time.sleep(0.2)


def main(path):
    settings = json.loads(Path(path).read_text())
    lab = Lab(settings)
    lab.isolate()
    seen = []
    try:
        for step, *arguments in settings["steps"]:
            seen.append(getattr(lab, step)(*arguments))
    except BaseException:
        print(f"after {json.dumps(seen, indent=1)}", file=sys.stderr)
        raise
    print(json.dumps(seen))


main(sys.argv[1])
