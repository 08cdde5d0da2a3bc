/**
 * What `labstead hubs` runs inside of the hub's pod, by its Python: the token of the service `labstead` is there, so that no
 * person needs one, and no port of the hub is opened for it.
 */
export const PEOPLE_SCRIPT = String.raw`"""People of a hub: python3 - <path> leave <name> | forget <name> | rename <name> <to>. Prints what was found and done."""
import json
import os
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import quote

STOP_SECONDS = 120


class Problem(Exception):
    """What a person can do something about."""


class Hub:
    def __init__(self, path):
        self.api = f"http://localhost:8081{path}hub/api"
        self.headers = {"Authorization": f"token {os.environ['LABSTEAD_API_TOKEN']}", "Content-Type": "application/json"}

    def ask(self, method, path, content=None):
        """Status and content; what is not there is no problem here."""
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self.api + path, data=body, headers=self.headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")
            if error.code == 404:
                return 404, None
            raise Problem(f"the hub answers {method} {path} with {error.code}: {said[:300]}") from None
        except OSError as error:
            raise Problem(f"the hub does not answer: {error}") from None

    def person(self, name):
        _, found = self.ask("GET", f"/users/{quote(name)}?include_stopped_servers")
        return found

    def stop(self, name):
        """Stops every server, and waits until they are gone."""
        running = [each for each in self.servers(name) if each["ready"] or each["pending"]]
        for server in running:
            self.ask("DELETE", f"/users/{quote(name)}/server" + (f"s/{quote(server['name'])}" if server["name"] else ""))
        end = time.monotonic() + STOP_SECONDS
        while any(each["ready"] or each["pending"] for each in self.servers(name)):
            if time.monotonic() > end:
                raise Problem(f"a server of {name} does not stop within {STOP_SECONDS} seconds; look at its pod")
            time.sleep(0.5)
        return len(running)

    def servers(self, name):
        return list((self.person(name) or {}).get("servers", {}).values())


def leave(hub, name):
    """The server is stopped, and the home is named; nothing is deleted yet."""
    from kubespawner.slugs import safe_slug

    person = hub.person(name)
    if person is None:
        return {"known": False}
    claims = {(each.get("state") or {}).get("pvc_name") for each in person["servers"].values()} - {None, ""}
    _, tokens = hub.ask("GET", f"/users/{quote(name)}/tokens")
    home = {"folder": safe_slug(name), "claims": sorted(claims)}
    return {"known": True, "stopped": hub.stop(name), "tokens": len(tokens["api_tokens"]), **home}


def forget(hub, name):
    """The person is deleted, and with the person all tokens and sessions."""
    status, _ = hub.ask("DELETE", f"/users/{quote(name)}")
    return {"deleted": status != 404}


def rename(hub, name, to):
    """Claims stay as they are: the hub remembers the name of each."""
    if hub.person(name) is None:
        if hub.person(to) is not None:
            return {"renamed": False}
        raise Problem(f"the hub knows nobody called {name}")
    if hub.person(to) is not None:
        raise Problem(f"the hub already knows somebody called {to}, with a home of their own; nothing was changed")
    stopped = hub.stop(name)
    hub.ask("PATCH", f"/users/{quote(name)}", {"name": to})
    return {"renamed": True, "stopped": stopped}


if __name__ == "__main__":
    path, action, *names = sys.argv[1:]
    try:
        print(json.dumps({"leave": leave, "forget": forget, "rename": rename}[action](Hub(path), *names)))
    except Problem as problem:
        sys.exit(str(problem))
`;
