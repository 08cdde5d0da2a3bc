"""KubeSpawner for hubs with a drive, or with shared directories that some people write."""
import json
import os

from jupyterhub.utils import maybe_future
from kubespawner import KubeSpawner
from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from traitlets import Dict, Unicode


class HomeError(Exception):
    """Why there is no home. The page of a failed start shows the message."""

    def __init__(self, message):
        super().__init__(message)
        self.jupyterhub_message = message


class LabSpawner(KubeSpawner):
    homes_url = Unicode(config=True, help="Where the drive makes homes; empty without a drive.")
    writers = Dict(
        config=True,
        help="Who may write a shared directory, by its mount path: {'admins': bool, 'groups': [name]}.",
    )

    async def run_pre_spawn_hook(self):
        if self.homes_url:
            await self.make_home()
        self.volume_mounts = [self.for_this_person(mount) for mount in self.volume_mounts]
        return await maybe_future(super().run_pre_spawn_hook())

    async def make_home(self):
        """The server starts when its home is there, with its owner and its limit."""
        name = self._expand_user_properties("{username}")
        headers = {"Authorization": f"Bearer {os.environ['DRIVE_TOKEN']}"}
        try:
            answer = await AsyncHTTPClient().fetch(
                f"{self.homes_url}/homes/{name}", method="PUT", body="", headers=headers, request_timeout=60
            )
        except (HTTPClientError, OSError) as error:
            raise HomeError(f"The drive made no home: {reason(error)}") from error
        uid = json.loads(answer.body)["uid"]
        if uid is not None:
            self.uid = uid

    def for_this_person(self, mount):
        allowed = self.writers.get(mount["mountPath"])
        if allowed is None:
            return mount
        groups = {group.name for group in self.user.groups}
        writes = (allowed["admins"] and self.user.admin) or not groups.isdisjoint(allowed["groups"])
        return {**mount, "readOnly": not writes}


def reason(error):
    """What the drive says, or why it said nothing."""
    response = getattr(error, "response", None)
    try:
        return json.loads(response.body)["message"]
    except (AttributeError, ValueError, KeyError):
        return str(error)
