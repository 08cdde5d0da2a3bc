"""A university's sign-in: groups of the provider are who comes in, who is an admin, and what each may choose."""
import contextlib
from urllib.parse import urlparse

from hub_lab import Browser, main, until
from provider import HOST, Provider


class Person:
    """At a browser that is signed in with the provider."""

    def __init__(self, lab, name):
        self.lab, self.name = lab, name
        self.browser = Browser(lab, {"Host": lab.settings["host"]})

    def callback(self):
        """The address to which the provider sends the person back, or its refusal."""
        start = self.browser.get("hub/oauth_login", allow_redirects=False).headers["Location"]
        answer = self.browser.session.get(
            start, headers={"Host": HOST}, cookies={"person": self.name}, verify=self.lab.authority, allow_redirects=False
        )
        return answer.headers.get("Location", answer.text)

    def sign_in(self):
        self.back = urlparse(self.callback()).query
        self.browser.get(f"hub/oauth_callback?{self.back}", allow_redirects=False)
        return self.browser.is_in()

    def is_admin(self):
        return self.browser.get("hub/admin", allow_redirects=False).status_code == 200

    def offered(self):
        page = self.browser.get("hub/spawn").text
        return [slug for slug in self.lab.settings["profiles"] if f'value="{slug}"' in page]

    def spawn(self, profile):
        return self.browser.submit("hub/spawn", f"hub/spawn/{self.name}", {"profile": profile}).text


@contextlib.contextmanager
def provided(lab, people):
    """A hub that runs, with its provider."""
    settings = lab.settings
    callback = f"https://{settings['host']}{lab.base}hub/oauth_callback"
    provider = Provider(settings["clientId"], settings["environment"]["OAUTH_CLIENT_SECRET"], callback, people)
    lab.authority = provider.start(lab.folder)
    settings["environment"]["SSL_CERT_FILE"] = lab.authority
    kubeconfig = lab.folder / "kubeconfig"
    kubeconfig.write_text(settings["kubeconfig"])
    settings["environment"]["KUBECONFIG"] = str(kubeconfig)
    with lab.proxy(), lab.hub("hub.py", kubernetes=True):
        yield provider


def scenario(lab):
    people = {
        "ada": ["physics", "physics-staff"],
        "grace": ["physics"],
        "edith": ["physics-visitors"],
        "mallory": ["biology"],
    }
    with provided(lab, people):
        return {**signing_in(lab), **leaving(lab, people)}


def signing_in(lab):
    ada, grace, edith, mallory = (Person(lab, name) for name in ("ada", "grace", "edith", "mallory"))
    lab.ada, lab.grace = ada, grace
    seen = {"who comes in": [each.name for each in (ada, grace, edith, mallory) if each.sign_in()]}
    seen["admins"] = [each.name for each in (ada, grace) if each.is_admin()]
    seen["offered"] = {each.name: each.offered() for each in (ada, grace)}
    seen["another group's choice"] = "No such profile: large" in grace.spawn("large") + lab.log("hub")
    seen["without any choice"] = "None of your groups may start a server here" in edith.browser.get("hub/spawn").text
    thief = Person(lab, "mallory")
    thief.callback()
    thief.browser.get(f"hub/oauth_callback?{ada.back}", allow_redirects=False)
    seen["a stolen code"] = thief.browser.is_in()
    return seen


def leaving(lab, people):
    people["ada"].remove("physics-staff")
    people["grace"].remove("physics")
    until(lambda: not lab.grace.browser.is_in(), 30, "who left the group is still in")
    until(lambda: not lab.ada.is_admin(), 30, "who left the staff is still an admin")
    return {"later": {"in": lab.ada.browser.is_in(), "offered": lab.ada.offered()}}


if __name__ == "__main__":
    main(scenario)
