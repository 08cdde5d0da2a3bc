"""
A person at a browser outside of the lab: signs up and in, starts a server, runs a notebook's cells, by HTTPS and
WebSocket at the lab's public address. Reads one JSON with what to do on standard input, prints one with what was seen.
Cookies are kept in a file between two calls, as a browser keeps them.
"""
import asyncio
import json
import pickle
import re
import socket
import sys
import time
import uuid
from pathlib import Path

import requests
from oauthlib.oauth1 import SIGNATURE_TYPE_BODY, Client
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

CELL_SECONDS = 60


class Person:
    def __init__(self, given):
        self.given = given
        self.name = given["name"]
        self.base = f"https://{given['host']}{given['path']}"
        self.cookies = Path(given["folder"]) / f"cookies-{self.name}"
        self.session = requests.Session()
        self.session.verify = given["authority"]
        # Else a bundle of the test host's environment would count, and not the lab's own authority.
        self.session.trust_env = False
        if self.cookies.exists():
            self.session.cookies.update(pickle.loads(self.cookies.read_bytes()))

    def keep(self):
        self.cookies.write_bytes(pickle.dumps(self.session.cookies))

    # The hub's pages

    def get(self, path, **options):
        return self.session.get(self.base + path, timeout=20, **options)

    def submit(self, page, fields):
        """Fills in the form of a page: its hidden token is sent along."""
        token = re.search(r'name="_xsrf" value="([^"]*)"', self.get(page).text)
        fields = {**fields, "_xsrf": token.group(1) if token else ""}
        return self.session.post(self.base + page, data=fields, timeout=20)

    def sign_up(self, password):
        names = {"username": self.name, "signup_password": password, "signup_password_confirmation": password}
        return self.submit("hub/signup", names).status_code

    def sign_in(self, password):
        self.submit("hub/login", {"username": self.name, "password": password})
        return self.is_in()

    def approve(self, other):
        return self.get(f"hub/authorize/{other}").status_code

    def launch(self, key, secret):
        """A learning platform's form, signed for the hub's public address."""
        form = {
            "lti_message_type": "basic-lti-launch-request",
            "lti_version": "LTI-1p0",
            "resource_link_id": "1",
            "user_id": self.name,
        }
        address = f"{self.base}hub/lti/launch"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        client = Client(key, client_secret=secret, signature_type=SIGNATURE_TYPE_BODY)
        _, _, body = client.sign(address, http_method="POST", body=form, headers=headers)
        self.session.post(address, data=body, headers=headers, allow_redirects=False, timeout=20)
        return self.is_in()

    def is_in(self):
        return self.get("hub/home", allow_redirects=False).status_code == 200

    # The person's server

    def start(self, seconds):
        """Asks for the server as clicks on its button do, and waits until it answers. Returns the seconds."""
        began = time.monotonic()
        until(lambda: self.answers() or self.ask(), seconds, "no server")
        return round(time.monotonic() - began, 1)

    def ask(self):
        """Nothing while the server is being started, or stopped: of a lost node the hub stops it first."""
        model = self.model()
        if not model.get("server") and not model.get("pending"):
            self.get("hub/spawn")
        return False

    def answers(self):
        """The page of the server, which signs the person in there; of one that is not up the hub answers."""
        reply = self.get(f"user/{self.name}/lab")
        return reply.ok and "JupyterLab" in reply.text

    def wait(self, seconds):
        """Until the server that has been asked for answers again."""
        began = time.monotonic()
        until(lambda: self.answers(), seconds, "the server does not answer")
        return round(time.monotonic() - began, 1)

    def culled(self, seconds):
        """Waits until the hub has stopped the server, which does nothing. Returns the seconds."""
        began = time.monotonic()
        until(lambda: not self.model().get("server") and not self.model().get("pending"), seconds, "the server still runs")
        return round(time.monotonic() - began, 1)

    def of(self, other):
        """What another person's server answers."""
        return self.get(f"user/{other}/api/status", allow_redirects=True).status_code

    def stop(self):
        reply = self.session.delete(f"{self.base}hub/api/users/{self.name}/server", headers=self.xsrf("hub/"), timeout=20)
        until(lambda: "server" not in self.model() or not self.model()["server"], 60, "the server does not stop")
        return reply.status_code

    def model(self):
        return self.get(f"hub/api/users/{self.name}", headers=self.xsrf("hub/")).json()

    def xsrf(self, below):
        """The cookie of a path, as the page's script sends it back; the referrer, as the browser does."""
        path = f"{self.given['path']}{below}"
        values = [each.value for each in self.session.cookies if each.name == "_xsrf" and each.path == path]
        return {"X-XSRFToken": values[-1] if values else "", "Referer": f"{self.base}hub/home"}

    def cell(self, code, kernel=None):
        """Runs a cell, in a new kernel or in one that runs. Returns what it printed, and the kernel."""
        server = f"user/{self.name}/"
        headers = self.xsrf(server)
        if kernel is None:
            reply = self.session.post(f"{self.base}{server}api/kernels", json={}, headers=headers, timeout=60)
            if not reply.ok:
                raise RuntimeError(f"no kernel: {reply.status_code} {reply.text[-500:]}")
            kernel = reply.json()["id"]
        printed = asyncio.run(self.execute(f"{server}api/kernels/{kernel}/channels", code))
        return {"printed": printed, "kernel": kernel}

    async def execute(self, path, code):
        cookie = requests.cookies.get_cookie_header(self.session.cookies, requests.Request("GET", self.base + path).prepare())
        address = (self.base + path).replace("https:", "wss:")
        request = HTTPRequest(address, headers={"Cookie": cookie}, ca_certs=self.given["authority"])
        connection = await websocket_connect(request)
        message = execution(code)
        await connection.write_message(json.dumps(message))
        printed = ""
        while True:
            answer = await asyncio.wait_for(connection.read_message(), CELL_SECONDS)
            if answer is None:
                raise RuntimeError("the kernel's connection was closed")
            said = json.loads(answer)
            if said["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if said["msg_type"] == "stream":
                printed += said["content"]["text"]
            if said["msg_type"] == "error":
                printed += f"{said['content']['ename']}: {said['content']['evalue']}"
            if said["msg_type"] == "status" and said["content"]["execution_state"] == "idle":
                connection.close()
                return printed.strip()


def execution(code):
    header = {
        "msg_id": uuid.uuid4().hex,
        "username": "",
        "session": uuid.uuid4().hex,
        "msg_type": "execute_request",
        "version": "5.3",
    }
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    return {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}


def until(condition, seconds, what):
    end = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except requests.RequestException as error:
            what = f"{what}: {error}"[:600]
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(1)


def reach(host, address):
    """The name leads to the lab's address, as the domain's name server would say."""
    ask = socket.getaddrinfo

    def answer(name, *arguments, **options):
        return ask(address if name == host else name, *arguments, **options)

    socket.getaddrinfo = answer


def main():
    given = json.loads(sys.stdin.read())
    reach(given["host"], given["address"])
    person = Person(given)
    try:
        print(json.dumps([getattr(person, name)(*arguments) for name, *arguments in given["does"]]))
    finally:
        person.keep()


if __name__ == "__main__":
    main()
