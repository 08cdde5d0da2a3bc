"""
Servers that KubeSpawner starts on a real API server, by a hub's configuration: spawns.py <config> <starts>

`starts` is JSON, for each person the state that the hub's database has. Prints for each the claim of the pod, and what the
person reads until the start is given up.
"""
import asyncio
import json
import sys

from jupyterhub.objects import Hub
from kubernetes_asyncio.client import ApiException
from kubespawner import KubeSpawner
from pods import Record, User
from traitlets.config import PyFileConfigLoader


async def start(config, number, name, state):
    """As the hub does: the state of the database first, then the start, whose progress the person's page shows."""
    user = User(name)
    user.id = number
    hub = Hub(base_url="/hub/", connect_url=config.JupyterHub.hub_connect_url)
    spawner = KubeSpawner(config=config, hub=hub, user=user, orm_spawner=Record(), api_token="token", _mock=True)
    spawner.load_state(state)
    started = spawner.start()
    read = [each["message"].split("] ", 1)[-1] async for each in spawner.progress() if "raw_event" in each]
    try:
        await started
        failed = None
    except (TimeoutError, ApiException) as error:
        failed = str(error)
    pod = spawner.pod_reflector.pods.get(f"{spawner.namespace}/{spawner.pod_name}", {})
    volumes = pod.get("spec", {}).get("volumes", [])
    claims = [each["persistentVolumeClaim"]["claimName"] for each in volumes if "persistentVolumeClaim" in each]
    return {"claims": claims, "read": read, "failed": failed}


async def main(path, starts):
    config = PyFileConfigLoader(path).load_config()
    people = enumerate(starts.items(), 1)
    return {name: await start(config, number, name, state) for number, (name, state) in people}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))))
