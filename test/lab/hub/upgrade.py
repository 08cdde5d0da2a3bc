"""The database of an old release under a new one while a server runs, and the way back."""
from hub_lab import Browser, main


def scenario(lab):
    old = lab.settings["oldPython"]
    seen = {}
    ada = Browser(lab)
    with lab.proxy():
        with lab.hub("hub.py", old):
            ada.sign_in("ada", "any")
            first = ada.start_server("ada")
        for _ in range(2):
            with lab.hub("hub.py"):
                seen["under the new one"] = ada.is_in() and ada.server_text("ada") == first
        copies = sorted(lab.data.glob("jupyterhub.sqlite.*"))
        seen["copies"] = len(copies)
        seen["old one, new database"] = starts(lab, old)
        copies[0].replace(lab.data / "jupyterhub.sqlite")
        seen["old one, its copy"] = starts(lab, old) and ada.server_text("ada") == first
    return seen


def starts(lab, python):
    try:
        with lab.hub("hub.py", python):
            return True
    except RuntimeError:
        return False


if __name__ == "__main__":
    main(scenario)
