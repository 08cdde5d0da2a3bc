"""empty.py PROJECT CONTAINER: deletes every object in a container, with all its versions, as its user would."""
import sys
from urllib.parse import quote

import openstack

project, container = sys.argv[1:]
store = openstack.connect(cloud=project).object_store
for version in store.get(f'/{container}', params={'versions': '', 'format': 'json'}).json():
    path = f'/{container}/{quote(version["name"])}'
    reply = store.delete(path, params={'version-id': version['version_id']})
    reply.raise_for_status()
