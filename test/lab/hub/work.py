"""A person works; the hub goes and comes back, and the server stays; then it is culled, and starts again."""
from hub_lab import Browser, main, until


def scenario(lab):
    seen = {}
    ada = Browser(lab)
    with lab.proxy():
        with lab.hub("working.py"):
            seen["signed in"] = ada.sign_in("ada", "any")
            first = ada.start_server("ada")
        seen["without a hub"] = ada.server_text("ada") == first
        with lab.hub("working.py"):
            seen["after its restart"] = ada.server_text("ada") == first
            seen["still signed in"] = ada.is_in()
        # It stops a server within seconds, before anybody can look on a slow machine.
        with lab.hub("culling.py"):
            seen["culled"] = until(lambda: ada.server_text("ada") is None, 60, "the server is not culled")
        with lab.hub("working.py"):
            seen["started again"] = ada.start_server("ada") != first
    return seen


if __name__ == "__main__":
    main(scenario)
