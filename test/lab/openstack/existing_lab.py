"""existing_lab.py PROJECT FILE: makes a lab as people make it, with OpenStack's own client; FILE describes it as JSON.

{network, subnet, router, cidr, key: {name, public}, port_names?: a format of the server's name,
 groups: {name: [{port, from?, group?, protocol?}]},
 servers: [{name, flavor, groups, address?, volumes?: [{name, size}], floating_ip?, tags?}],
 volumes: [{name, size}], floating_ips: number}
"""
import json
import sys

import openstack

project, file = sys.argv[1:]
with open(file) as described:
    lab = json.load(described)
cloud = openstack.connect(cloud=project)


def rule(group, wanted, groups):
    ports = {} if 'port' not in wanted else {'port_range_min': wanted['port'], 'port_range_max': wanted['port']}
    remote = {'remote_group_id': groups[wanted['group']].id} if 'group' in wanted else \
        {'remote_ip_prefix': wanted['from']} if 'from' in wanted else {}
    protocol = {'protocol': wanted['protocol']} if 'protocol' in wanted else {}
    cloud.network.create_security_group_rule(
        security_group_id=group.id, direction='ingress', ethertype='IPv4', **ports, **remote, **protocol)


def make_groups():
    groups = {name: cloud.network.create_security_group(name=name, description='') for name in lab['groups']}
    for name, rules in lab['groups'].items():
        for wanted in rules:
            rule(groups[name], wanted, groups)
    return groups


def make_network():
    network = cloud.network.create_network(name=lab['network'])
    subnet = cloud.network.create_subnet(
        name=lab['subnet'], network_id=network.id, ip_version=4, cidr=lab['cidr'], dns_nameservers=['192.0.2.53'])
    outside = cloud.network.find_network('public')
    router = cloud.network.create_router(name=lab['router'], external_gateway_info={'network_id': outside.id})
    cloud.network.add_interface_to_router(router, subnet_id=subnet.id)
    return network, subnet, outside


def make_server(wanted, network, subnet, groups):
    ids = [groups[name].id for name in wanted['groups']]
    fixed = [{'subnet_id': subnet.id, **({'ip_address': wanted['address']} if 'address' in wanted else {})}]
    port = cloud.network.create_port(
        network_id=network.id, security_group_ids=ids, fixed_ips=fixed,
        name=lab.get('port_names', '').format(wanted['name']))
    return cloud.create_server(
        wanted['name'], image='ubuntu-24.04', flavor=wanted['flavor'], key_name=lab['key']['name'],
        nics=[{'port-id': port.id}], auto_ip=False, wait=True), port


def attach(server, wanted):
    volume = cloud.create_volume(wanted['size'], name=wanted['name'], wait=True)
    cloud.attach_volume(server, volume, wait=True)


cloud.compute.create_keypair(name=lab['key']['name'], public_key=lab['key']['public'])
network, subnet, outside = make_network()
groups = make_groups()
for wanted in lab['servers']:
    server, port = make_server(wanted, network, subnet, groups)
    for volume in wanted.get('volumes', []):
        attach(server, volume)
    if wanted.get('floating_ip'):
        cloud.network.create_ip(floating_network_id=outside.id, port_id=port.id)
for wanted in lab.get('volumes', []):
    cloud.create_volume(wanted['size'], name=wanted['name'], wait=True)
for _ in range(lab.get('floating_ips', 0)):
    cloud.network.create_ip(floating_network_id=outside.id)
