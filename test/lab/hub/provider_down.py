"""A university's sign-in that stops answering, and comes back."""
import re
import time

from hub_lab import main, until
from oidc import Person, provided


def scenario(lab):
    people = {"ada": ["physics", "physics-staff"], "grace": ["physics"]}
    with provided(lab, people) as provider:
        ada, grace = Person(lab, "ada"), Person(lab, "grace")
        seen = {"before": ada.sign_in()}
        back = grace.callback().partition("?")[2]
        provider.stop()
        # Longer than the hub waits before it asks the provider again.
        time.sleep(3)
        seen["who is in stays"] = ada.browser.is_in() and ada.is_admin()
        page = grace.browser.get(f"hub/oauth_callback?{back}", allow_redirects=False)
        seen["who comes in"] = [page.status_code, message(page.text), grace.browser.is_in()]
        people["ada"].clear()
        provider.start(lab.folder)
        until(lambda: not ada.browser.is_in(), 30, "who left while the provider was down is still in")
        seen["and later"] = grace.sign_in()
        return seen


def message(page):
    """What the hub's page of an error says."""
    found = re.search(r'<p>\s*(.*?)\s*</p>', page, re.DOTALL)
    return found.group(1) if found else page[-2000:]


if __name__ == "__main__":
    main(scenario)
