"""Pods and claims that KubeSpawner makes of a configuration, without a cluster: python3 pods.py <config> <user>..."""
import asyncio
import json
import sys

from jupyterhub.objects import Hub, Server
from kubernetes_asyncio.client import ApiClient
from kubespawner import KubeSpawner
from traitlets.config import PyFileConfigLoader


class User:
    """What KubeSpawner reads of a person."""

    def __init__(self, name):
        self.id = 1
        self.name = name
        self.escaped_name = name
        self.url = f"/user/{name}/"
        self.settings = {}
        self.authenticator = None
        self.groups = []


class Record:
    """What the database knows of a server."""

    name = ""
    server = None
    oauth_scopes = []


async def manifests(config, name):
    hub = Hub(base_url="/hub/", connect_url=config.JupyterHub.hub_connect_url)
    spawner = KubeSpawner(config=config, hub=hub, user=User(name), orm_spawner=Record(), api_token="token", _mock=True)
    profiles = await profiles_of(spawner)
    return [
        {"pod": await spawner.get_pod_manifest(), "claim": spawner.get_pvc_manifest(), "profile": slug}
        async for slug in chosen(spawner, profiles)
    ]


async def profiles_of(spawner):
    profiles = spawner.profile_list
    return [each["slug"] for each in (profiles(spawner) if callable(profiles) else profiles)]


async def chosen(spawner, profiles):
    """The server without a profile, then with each: a person's choice changes the spawner."""
    yield None
    for slug in profiles:
        spawner.user_options = {"profile": slug}
        await spawner.load_user_options()
        yield slug


async def main(path, names):
    config = PyFileConfigLoader(path).load_config()
    plain = ApiClient().sanitize_for_serialization
    return {name: plain(await manifests(config, name)) for name in names}


if __name__ == "__main__":
    path, *names = sys.argv[1:]
    print(json.dumps(asyncio.run(main(path, names)), sort_keys=True))
