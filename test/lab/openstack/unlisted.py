"""unlisted.py PROJECT BALANCER: takes the list of who may come from every listener of a balancer, so that all may."""
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
