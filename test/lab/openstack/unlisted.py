"""unlisted.py PROJECT BALANCER: removes the allowed CIDRs of every listener of a balancer, which admits all clients."""
import sys
import time

import openstack

project, name = sys.argv[1:]
octavia = openstack.connect(cloud=project).load_balancer


def settle():
    for _ in range(120):
        if octavia.find_load_balancer(name).provisioning_status == 'ACTIVE':
            return
        time.sleep(1)
    raise SystemExit(f'load balancer {name} does not become ACTIVE')


balancer = octavia.find_load_balancer(name)
for listener in octavia.listeners(load_balancer_id=balancer.id):
    octavia.update_listener(listener, allowed_cidrs=None)
    settle()
