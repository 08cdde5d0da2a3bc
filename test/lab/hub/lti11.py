"""A learning platform launches the hub for people: by LTI 1.1, a form that is signed with a shared secret."""
from hub_lab import Browser, main
from oauthlib.oauth1 import SIGNATURE_TYPE_BODY, Client

SECRET = "LTI_SHARED_SECRET"


def launch(lab, name, secret):
    """The browser posts what the platform has signed for the hub's public address."""
    host = lab.settings["host"]
    browser = Browser(lab, {"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"})
    form = {
        "lti_message_type": "basic-lti-launch-request",
        "lti_version": "LTI-1p0",
        "resource_link_id": "1",
        "user_id": name,
    }
    client = Client(lab.settings["consumerKey"], client_secret=secret, signature_type=SIGNATURE_TYPE_BODY)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    address = f"https://{host}{lab.base}hub/lti/launch"
    _, _, body = client.sign(address, http_method="POST", body=form, headers=headers)
    browser.session.post(browser.url("hub/lti/launch"), data=body, headers=headers, allow_redirects=False, timeout=30)
    return browser.is_in()


def scenario(lab):
    secret = lab.settings["environment"][SECRET]
    with lab.proxy(), lab.hub("hub.py"):
        return {
            "listed": launch(lab, "ada", secret),
            "not listed": launch(lab, "mallory", secret),
            "another secret": launch(lab, "grace", "guessed"),
            "no launch": Browser(lab, {"Host": lab.settings["host"]}).is_in(),
        }


if __name__ == "__main__":
    main(scenario)
