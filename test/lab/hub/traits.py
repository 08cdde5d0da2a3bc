"""Settings that no class of the installed packages has: python3 traits.py <config>..."""
import json
import sys

from jupyterhub.app import JupyterHub
from traitlets.config import PyFileConfigLoader


def unknown(path):
    """The classes are resolved as the hub does, and each value is validated by the trait that takes it."""
    config = PyFileConfigLoader(path).load_config()
    hub = JupyterHub(config=config)
    classes = {}
    for each in (JupyterHub, hub.authenticator_class, hub.spawner_class, hub.proxy_class):
        for parent in each.mro():
            classes.setdefault(parent.__name__, each)
    found = []
    for owner, settings in config.items():
        for trait, value in settings.items():
            known = classes[owner].class_traits(config=True) if owner in classes else {}
            if trait not in known:
                found.append(f"{owner}.{trait}")
            else:
                known[trait]._validate(classes[owner].__new__(classes[owner]), value)
    return found


if __name__ == "__main__":
    print(json.dumps({path: unknown(path) for path in sys.argv[1:]}))
