"""People sign up with the hub itself, an admin lets them in, and wrong passwords lock a name."""
from hub_lab import Browser, main

ADA = "correct horse battery"
GRACE = "staple of the library"


def scenario(lab):
    with lab.proxy(), lab.hub("hub.py"):
        return {**signing_in(lab), **locking(lab)}


def signing_in(lab):
    ada, grace, mallory = Browser(lab), Browser(lab), Browser(lab)
    ada.sign_up("ada", ADA)
    grace.sign_up("grace", GRACE)
    mallory.sign_up("mallory", "short")
    seen = {
        "an admin": ada.sign_in("ada", ADA),
        "before approval": grace.sign_in("grace", GRACE),
        "a stranger": Browser(lab).sign_in("nobody", "whatever it may be"),
        "a short password": mallory.sign_in("mallory", "short"),
    }
    ada.get("hub/authorize/grace")
    return {**seen, "after approval": grace.sign_in("grace", GRACE)}


def locking(lab):
    for _ in range(lab.settings["failedLogins"]):
        Browser(lab).sign_in("grace", "not the password")
    return {"a locked name": Browser(lab).sign_in("grace", GRACE)}


if __name__ == "__main__":
    main(scenario)
