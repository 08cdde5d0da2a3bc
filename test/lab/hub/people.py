"""People leave a hub and change their names, by the program that runs inside of the hub's pod."""
import json
import os
import subprocess
import sys

from hub_lab import Browser, main


def people(lab, *arguments):
    done = subprocess.run(
        [sys.executable, "-", lab.base, *arguments],
        input=lab.settings["script"],
        env={**os.environ, **lab.settings["environment"]},
        capture_output=True,
        text=True,
    )
    if "Traceback" in done.stderr:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout) if done.returncode == 0 else f"refused: {done.stderr.strip()}"


def scenario(lab):
    with lab.proxy():
        seen = {"without a hub": people(lab, "leave", "ada").startswith("refused: the hub does not answer")}
        with lab.hub("hub.py"):
            return {**seen, **leaving(lab), **renaming(lab)}


def leaving(lab):
    ada, grace = Browser(lab), Browser(lab)
    ada.sign_in("ada", "any")
    ada.start_server("ada")
    grace.sign_in("grace", "any")
    grace.start_server("grace")
    token = ada.session.post(
        ada.url("hub/api/users/ada/tokens"),
        params={"_xsrf": ada.session.cookies.get("_xsrf", path=f"{lab.base}hub/")},
        headers={"Referer": ada.url("hub/token")},
        json={},
        timeout=30,
    )
    key = {"Authorization": f"token {token.json()['token']}"}
    seen = {"token": ada.get("hub/api/user", headers=key).status_code}
    left = people(lab, "leave", "ada")
    seen["left"] = {name: left[name] for name in ("known", "stopped", "folder")}
    seen["tokens"] = left["tokens"] >= 1
    seen["forgotten"] = people(lab, "forget", "ada")
    seen["again"] = [people(lab, "leave", "ada"), people(lab, "forget", "ada")]
    seen["session"] = ada.is_in()
    seen["token after"] = Browser(lab).get("hub/api/user", headers=key).status_code
    seen["server after"] = ada.server_text("ada") is None
    seen["somebody else"] = grace.is_in() and grace.server_text("grace") is not None
    lab.grace = grace
    return seen


def renaming(lab):
    Browser(lab).sign_in("edith", "any")
    seen = {
        "to a name that is taken": people(lab, "rename", "grace", "edith"),
        "of nobody": people(lab, "rename", "mallory", "nobody"),
        "renamed": people(lab, "rename", "grace", "hopper"),
        "renamed again": people(lab, "rename", "grace", "hopper"),
    }
    seen["session of the new name"] = lab.grace.get("hub/home").text.count("hopper") > 0
    return seen


if __name__ == "__main__":
    main(scenario)
