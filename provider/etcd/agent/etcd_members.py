"""
Runs on a control plane when the plugin lists or removes members of etcd: sent over SSH with a request.

It connects to the machine's own etcd by its JSON gateway, with the client certificate of its API server. The request
is JSON on standard input; the answer is one line on standard output, after ANSWER. Python 3.6 or newer, nothing else.
"""
import json
import os
import ssl
import sys
import threading
import urllib.error
import urllib.request

ANSWER = "labstead-answer:"
PKI = "/etc/kubernetes/pki"
# Mount point of a control plane's volume for etcd.
ETCD = "/var/lib/etcd"
OWN = "https://127.0.0.1:2379"
# Time-out of one request, in seconds: etcd's own for a change of members is 5 s and two elections.
SECONDS = 10
# Seconds within which a healthy member answers.
HEALTH_SECONDS = 4


class Failed(Exception):
    """etcd's error message, or the reason why it did not answer."""


def opener():
    context = ssl.create_default_context(cafile=PKI + "/etcd/ca.crt")
    context.load_cert_chain(PKI + "/apiserver-etcd-client.crt", PKI + "/apiserver-etcd-client.key")
    # The machine's proxy is not used for etcd.
    handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)]
    return urllib.request.build_opener(*handlers)


def ask(client, url, body=None, seconds=SECONDS):
    data = None if body is None else json.dumps(body).encode()
    try:
        with client.open(urllib.request.Request(url, data), timeout=seconds) as answered:
            return json.loads(answered.read().decode())
    except urllib.error.HTTPError as error:
        raise Failed(words(error.read().decode(errors="replace")) or str(error))
    except (OSError, ValueError) as error:
        raise Failed(str(getattr(error, "reason", error)))


def words(text):
    """`etcdserver: unhealthy cluster` of an error's body."""
    try:
        answer = json.loads(text)
        return answer.get("message") or answer.get("error") or text
    except ValueError:
        return text


def member_list(client):
    """A linearizable read: a member without a quorum does not answer."""
    return ask(client, OWN + "/v3/cluster/member/list", {"linearizable": True})["members"]


def is_healthy(client, member):
    """/health makes a linearizable read through this member."""
    try:
        urls = member.get("clientURLs") or []
        return bool(urls) and ask(client, urls[0] + "/health", seconds=HEALTH_SECONDS).get("health") == "true"
    except Failed:
        return False


def healths(client, members):
    found = {}

    def look(member):
        found[member["ID"]] = is_healthy(client, member)

    threads = [threading.Thread(target=look, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def looked(client):
    members = member_list(client)
    healthy = healths(client, members)
    return {
        "mounted": os.path.ismount(ETCD),
        "members": [
            {
                "id": member["ID"],
                "name": member.get("name", ""),
                "peer": (member.get("peerURLs") or [""])[0],
                "learner": member.get("isLearner", False),
                "healthy": healthy[member["ID"]],
            }
            for member in members
        ],
    }


def hand_over(client, leaving):
    """Without it the other members detect a missing leader only after the election time-out."""
    status = ask(client, OWN + "/v3/maintenance/status", {})
    if status.get("leader") != leaving["ID"] or not leaving.get("clientURLs"):
        return
    url = leaving["clientURLs"][0] + "/v3/maintenance/transfer-leadership"
    try:
        ask(client, url, {"targetID": status["header"]["member_id"]})
    except Failed:
        pass


def remove(client, identifier):
    leaving = [member for member in member_list(client) if member["ID"] == identifier]
    if leaving:
        hand_over(client, leaving[0])
        ask(client, OWN + "/v3/cluster/member/remove", {"ID": identifier})


def work(request):
    client = opener()
    if request["action"] == "remove":
        remove(client, request["id"])
        return {}
    return looked(client)


def main():
    request = json.loads(sys.stdin.buffer.read().decode())
    try:
        answer = work(request)
    except (Failed, OSError, KeyError) as error:
        answer = {"problem": str(error) or type(error).__name__}
    sys.stdout.write("%s%s\n" % (ANSWER, json.dumps(answer)))
