#!/usr/bin/env python3
"""A client of Heketi on this server.

heketi.py check FILE       whether FILE is a topology
heketi.py topology FILE    adds the servers and disks of FILE that Heketi does not have yet
heketi.py backup FILE      writes Heketi's database to FILE

A topology is never posted as a whole: Heketi would create another cluster each time. What Heketi has and FILE has not is
reported and kept: it may hold data.
"""
import base64
import hashlib
import hmac
import ipaddress
import json
import os
import sys
import time
import urllib.error
import urllib.request

CONFIG = os.environ.get("HEKETI_CONFIG", "/etc/heketi/heketi.json")
# Seconds. Adding a disk creates a volume group on it, over SSH.
PATIENCE = 600
TOKEN_LIFE = 120
# The magic number in the first page of a bolt database.
BOLT_MAGIC = (0xED0CDAED).to_bytes(4, "little")


class HeketiError(Exception):
    """A request that Heketi or this program refuses; its message is for people."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Does not follow redirects: the new location needs a token of its own."""

    def redirect_request(self, *_args):
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(key, method, path):
    """A JWT for one request: `qsh` binds it to the method and the path."""
    now = int(time.time())
    qsh = hashlib.sha256(("%s&%s" % (method, path)).encode()).hexdigest()
    claims = {"iss": "admin", "iat": now, "exp": now + TOKEN_LIFE, "qsh": qsh}
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    body = b".".join(encoded(json.dumps(part).encode()) for part in parts)
    signature = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return (body + b"." + encoded(signature)).decode()


class Heketi:
    def __init__(self):
        with open(CONFIG, encoding="utf-8") as file:
            config = json.load(file)
        self.base = "http://127.0.0.1:%s" % config["port"]
        self.key = config["jwt"]["admin"]["key"]

    def once(self, method, path, body=None):
        """Sends one request. Returns status, headers and content."""
        headers = {"Authorization": "bearer " + token(self.key, method, path)}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        try:
            with OPENER.open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read()
        except OSError as error:
            raise HeketiError("Heketi does not answer at %s: %s" % (self.base, error)) from error

    def ask(self, method, path, body=None):
        """Sends a request and waits until Heketi has completed it. Returns the content."""
        status, headers, content = self.once(method, path, body)
        end = time.monotonic() + PATIENCE
        if status == 202:
            queue = headers["Location"]
            status, headers, content = self.once("GET", queue)
            while status == 200 and headers.get("X-Pending") == "true":
                if time.monotonic() > end:
                    raise HeketiError("%s %s: not done within %d s" % (method, path, PATIENCE))
                time.sleep(0.5)
                status, headers, content = self.once("GET", queue)
            if status == 303:
                status, headers, content = self.once("GET", headers["Location"])
        if status >= 300:
            raise HeketiError("%s %s: %d %s" % (method, path, status, content.decode(errors="replace").strip()))
        return content

    def read(self, path):
        return json.loads(self.ask("GET", path))


def cluster_of(heketi, wanted):
    """The cluster that contains one of our servers, else any existing one, else a new one."""
    known = [heketi.read("/clusters/" + each) for each in heketi.read("/clusters")["clusters"]]
    nodes = {each["id"]: [heketi.read("/nodes/" + node) for node in each["nodes"]] for each in known}
    ours = [each for each in known if any(storage_of(node) in wanted for node in nodes[each["id"]])]
    if len(ours) > 1:
        raise HeketiError("the servers are in %d clusters of Heketi: %s" % (len(ours), ", ".join(e["id"] for e in ours)))
    for cluster in ours or known[:1]:
        return cluster["id"], nodes[cluster["id"]]
    made = json.loads(heketi.ask("POST", "/clusters", {"file": True, "block": False}))
    print("made cluster %s" % made["id"])
    return made["id"], []


def storage_of(node):
    return node["hostnames"]["storage"][0]


def reconcile(heketi, topology):
    """Returns the problems of servers that could not be added; each is tried, whether or not others fail."""
    wanted = {storage_of(each["node"]): each for each in topology["clusters"][0]["nodes"]}
    cluster, nodes = cluster_of(heketi, wanted)
    there = {storage_of(node): node for node in nodes}
    problems = []
    for address, each in wanted.items():
        try:
            add(heketi, cluster, there.get(address), each)
        except HeketiError as error:
            problems.append("%s: %s" % (address, error))
    for address in sorted(set(there) - set(wanted)):
        print("%s is not in the plan any more; move its bricks away and delete it with heketi-cli" % address)
    return problems


def add(heketi, cluster, known, wanted):
    if known is None:
        known = json.loads(heketi.ask("POST", "/nodes", dict(wanted["node"], cluster=cluster)))
        print("added server %s" % storage_of(known))
    names = [device["name"] for device in known["devices"]]
    for device in wanted["devices"]:
        if device["name"] not in names:
            heketi.ask("POST", "/devices", dict(device, node=known["id"]))
            print("added %s of %s" % (device["name"], storage_of(known)))


def checked(path):
    """The topology of a file. Refuses what Heketi would accept but could never use."""
    with open(path, encoding="utf-8") as file:
        topology = json.load(file)
    try:
        [cluster] = topology["clusters"]
        addresses = [address for each in cluster["nodes"] for address in each["node"]["hostnames"]["storage"]]
        devices = [(storage_of(each["node"]), d["name"]) for each in cluster["nodes"] for d in each["devices"]]
        zones = [each["node"]["zone"] for each in cluster["nodes"]]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise HeketiError("%s is no topology of one cluster: %r" % (path, error)) from error
    for address in addresses:
        try:
            ipaddress.ip_address(address)
        except ValueError as error:
            raise HeketiError("storage address %s: clients need an IP address" % address) from error
    for what, values in (("storage address", addresses), ("device", devices)):
        for value in sorted({value for value in values if values.count(value) > 1}):
            raise HeketiError("%s %s is there twice" % (what, value))
    if not all(isinstance(zone, int) and zone > 0 for zone in zones):
        raise HeketiError("a zone is a number from 1")
    return topology


def backup(heketi, path):
    content = heketi.ask("GET", "/backup/db")
    if content[16:20] != BOLT_MAGIC:
        raise HeketiError("what Heketi gave is no database (%d bytes)" % len(content))
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def main(verb, path):
    if verb == "backup":
        backup(Heketi(), path)
        return
    topology = checked(path)
    if verb == "topology":
        problems = reconcile(Heketi(), topology)
        if problems:
            raise HeketiError("\n".join(problems))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("check", "topology", "backup"):
        sys.exit(__doc__)
    try:
        main(sys.argv[1], sys.argv[2])
    except (HeketiError, OSError, ValueError) as problem:
        sys.exit(str(problem))
