#!/bin/bash
# up.sh: a real OpenStack (release Zed, from Debian 12's packages) on loopback, without hypervisor, agents and systemd.
# Only agents, hypervisor and disks are replaced, by the drivers in python/. A second run starts what is not running.
# LABSTEAD_OPENSTACK is the folder of all files; the result is a clouds.yaml there.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
LAB=${LABSTEAD_OPENSTACK:?names a scratch folder}
HOSTS=12       # hypervisors, all served by one nova-compute process
WORKERS=2      # processes of each API
PASSWORD=lab   # of every account: all services listen on loopback only
PATIENCE=240   # seconds until a service must be ready; machines may be slow
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
# A proxy of the environment must not be used for services on loopback.
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
