#!/bin/bash
# up.sh: a real OpenStack (release Zed, from Debian 12's packages) on loopback, without hypervisor, agents and systemd.
# What is not real is the last inch: see drivers in python/. Run again, it starts what does not run.
# LABSTEAD_OPENSTACK names the folder for everything that is ours; ends with a clouds.yaml there.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
LAB=${LABSTEAD_OPENSTACK:?names a scratch folder}
HOSTS=12       # hypervisors, all served by one nova-compute process
WORKERS=2      # processes of each API
PASSWORD=lab   # of every account: nothing of this is reached from outside
PATIENCE=240   # seconds that a service may take to come up; machines may be slow
MESSAGES=rabbit://guest:guest@127.0.0.1:5672/

export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 NO_PROXY=127.0.0.1,localhost
export PYTHONPATH=$HERE/python PYTHONPYCACHEPREFIX=$LAB/pycache OS_CLIENT_CONFIG_FILE=$LAB/clouds.yaml
export OS_KEYSTONE_CONFIG_DIR=$LAB/etc/keystone OS_GLANCE_CONFIG_DIR=$LAB/etc/glance
export OS_PLACEMENT_CONFIG_DIR=$LAB/etc/placement OS_NOVA_CONFIG_DIR=$LAB/etc/nova

for part in process backing settings swift services; do . "$HERE/lib/$part.sh"; done

mkdir -p "$LAB"/{run,log,state,etc}
chmod 755 "$LAB"
cd "$LAB"
alone
free_ports
# Whoever runs this may be behind a proxy; the services of the loopback are not.
unset PYTHONDONTWRITEBYTECODE PYTHONUNBUFFERED http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
write_settings
start_backing
prepare_keystone
/usr/bin/python3 "$HERE/seed.py" clouds "$LAB/clouds.yaml"
api keystone 5000 /usr/bin/keystone-wsgi-public
wait_for keystone answers 5000
make_schemas
wait_for rabbitmq listens 5672
start_services
wait_for_services
seed
say "ready: OS_CLIENT_CONFIG_FILE=$LAB/clouds.yaml OS_CLOUD=admin"
