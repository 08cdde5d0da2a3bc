"""A hub and its proxy in a network of their own, with the names that they have in a cluster, and people at browsers."""
import contextlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import requests

HERE = Path(__file__).parent
PROXY = "http://127.0.0.1:8000"
START_SECONDS = 120


class Lab:
    """
    What the charts of one hub run, by their own command lines: `settings` has the folder, the configuration files by
    name, the arguments of both containers, and their environment.
    """

    def __init__(self, settings):
        self.settings = settings
        self.folder = Path(settings["folder"])
        self.base = settings["path"]
        self.data = self.folder / "data"
        self.data.mkdir(exist_ok=True)

    def isolate(self):
        """This process is in a network namespace of its own, whose loopback is down."""
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        hosts = self.folder / "hosts"
        hosts.write_text("127.0.0.1 localhost hub proxy-api id.example.org\n")
        subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)

    @contextlib.contextmanager
    def proxy(self):
        command = [self.settings["node"], self.settings["proxyProgram"], *self.settings["proxyArgs"]]
        with self.running("proxy", command):
            yield

    @contextlib.contextmanager
    def hub(self, config, python=sys.executable, kubernetes=False):
        """
        The hub with one of the configurations; what is not KubeSpawner's runs as it is in the cluster. With `kubernetes`
        the spawner is KubeSpawner, without a cluster: pages work, and no server starts.
        """
        overlay = self.folder / f"{config}-overlay.py"
        local = (
            'c.JupyterHub.spawner_class = "simple"\n'
            f"c.SimpleLocalProcessSpawner.cmd = [{sys.executable!r}, {str(HERE / 'stand_in.py')!r}]\n"
            f"c.SimpleLocalProcessSpawner.home_dir_template = {str(self.folder / 'homes')!r} + '/{{username}}'\n"
        )
        overlay.write_text(f"load_subconfig({str(self.folder / config)!r})\n{'' if kubernetes else local}")
        _, *arguments = self.settings["hubArgs"]
        path = self.settings["configPath"]
        arguments = [str(overlay) if each == path else each for each in arguments]
        with self.running("hub", [python, "-m", "jupyterhub", *arguments], Path(python).parent) as process:
            self.wait_for_hub(process)
            yield process

    @contextlib.contextmanager
    def store(self, bucket):
        """A real S3 server with an empty bucket, at http://127.0.0.1:7070."""
        (self.folder / "objects" / bucket).mkdir(parents=True)
        keys = ["--access", "labkey", "--secret", "lab-secret", "--region", "us-east-1"]
        command = [self.settings["s3"], "--port", "127.0.0.1:7070", "--quiet", *keys, "posix", str(self.folder / "objects")]
        with self.running("s3", command):
            until(lambda: answers("http://127.0.0.1:7070"), 30, "the object store does not answer")
            yield

    @contextlib.contextmanager
    def running(self, name, command, programs=None):
        environment = {**os.environ, **self.settings["environment"]}
        if programs is not None:
            environment["PATH"] = f"{programs}:{environment['PATH']}"
        with open(self.folder / f"{name}.log", "ab") as log:
            process = subprocess.Popen(command, cwd=self.data, env=environment, stdout=log, stderr=log)
            try:
                yield process
            finally:
                process.terminate()
                process.wait(30)

    def wait_for_hub(self, process):
        def healthy():
            if process.poll() is not None:
                raise RuntimeError(f"the hub ended:\n{self.log('hub')}")
            try:
                return requests.get(f"http://hub:8081{self.base}hub/health", timeout=2).ok
            except requests.ConnectionError:
                return False

        until(healthy, START_SECONDS, "the hub does not answer")

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")[-6000:]


class Browser:
    """A person at a browser, who comes through the proxy."""

    def __init__(self, lab, headers=None):
        self.lab = lab
        self.session = requests.Session()
        self.session.headers.update({"User-Agent": "test", **(headers or {})})

    def url(self, path):
        return f"{PROXY}{self.lab.base}{path}"

    def get(self, path, **options):
        return self.session.get(self.url(path), timeout=30, **options)

    def submit(self, page, path, fields):
        """Fills in the form of a page: its hidden token is sent along."""
        token = re.search(r'name="_xsrf" value="([^"]*)"', self.get(page).text)
        xsrf = token.group(1) if token else self.session.cookies.get("_xsrf", "")
        return self.session.post(self.url(path), data={**fields, "_xsrf": xsrf}, timeout=30)

    def sign_up(self, name, password):
        fields = {"username": name, "signup_password": password, "signup_password_confirmation": password}
        return self.submit("hub/signup", "hub/signup", fields)

    def sign_in(self, name, password):
        self.submit("hub/login", "hub/login", {"username": name, "password": password})
        return self.is_in()

    def is_in(self):
        return self.get("hub/home", allow_redirects=False).status_code == 200

    def start_server(self, name):
        self.get("hub/spawn")
        return until(lambda: self.server_text(name), 60, "the server does not answer")

    def server_text(self, name):
        reply = self.get(f"user/{name}/")
        return reply.text if reply.ok and reply.text.startswith("stand-in") else None


def answers(address):
    try:
        return requests.get(address, timeout=2) is not None
    except requests.ConnectionError:
        return False


def until(condition, seconds, what):
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.3)


def main(scenario):
    """Runs a scenario with the settings of a file, and prints what was seen as JSON."""
    lab = Lab(json.loads(Path(sys.argv[1]).read_text()))
    lab.isolate()
    try:
        print(json.dumps(scenario(lab)))
    except Exception:
        print(lab.log("hub"), file=sys.stderr)
        raise
