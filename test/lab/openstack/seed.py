"""What a cloud's operator and its users set up before a lab is created, by the public APIs; each part is idempotent.

seed.py clouds FILE                write clouds.yaml for the operator
seed.py identity                   services, endpoints, roles (Keystone only)
seed.py rest IMAGE                 flavors, volume types, images, external networks, zones
seed.py tenancy FILE JSON...       a project each with its user and quotas, and a clouds.yaml that names it
"""
import json
import os
import sys

import openstack
import yaml

PASSWORD = 'lab'
AUTH_URL = 'http://127.0.0.1:5000/v3'
UNLIMITED = 100000
SERVICES = (
    ('glance', 'image', '9292'), ('placement', 'placement', '8778'), ('nova', 'compute', '8774/v2.1'),
    ('neutron', 'network', '9696'), ('cinder', 'block-storage', '8776/v3/%(project_id)s'),
    ('cinderv3', 'volumev3', '8776/v3/%(project_id)s'), ('octavia', 'load-balancer', '9876'),
    ('swift', 'object-store', '8080/v1/AUTH_%(project_id)s'))
# Those that the examples name: vCPUs, MiB, GiB.
FLAVORS = {
    'tiny': (1, 1024, 10), 'small': (2, 2048, 20), 'medium': (2, 4096, 40), 'large': (4, 8192, 80),
    'm1.tiny': (1, 512, 1), 'm1.small': (1, 2048, 20), 'm1.medium': (2, 4096, 40), 'm1.large': (4, 8192, 80),
    'm1.xlarge': (8, 16384, 160), 'g1.xlarge': (8, 32768, 160),
    'S': (2, 4096, 0), 'M': (4, 8192, 0), 'L': (8, 16384, 0), 'XL': (16, 32768, 0)}
IMAGES = ('ubuntu-22.04', 'ubuntu-24.04')
EXTERNAL_NETWORKS = {
    'external': '198.51.100.0/24', 'public': '203.0.113.0/24', 'shared-public-IPv4': '192.0.2.0/24'}
ZONES = {'AZ1': ('compute07', 'compute08'), 'AZ2': ('compute09', 'compute10'), 'AZ3': ('compute11', 'compute12')}


def cloud(user, project):
    auth = {'auth_url': AUTH_URL, 'username': user, 'password': PASSWORD, 'project_name': project,
            'user_domain_name': 'Default', 'project_domain_name': 'Default'}
    return {'region_name': 'RegionOne', 'auth': auth}


def clouds(file):
    """Keeps entries of projects that were created before."""
    if not os.path.exists(file):
        with open(file, 'w') as out:
            yaml.safe_dump({'clouds': {'admin': cloud('admin', 'admin')}}, out)


def user_of(keystone, project, name, roles):
    user = keystone.find_user(name) or keystone.create_user(
        name=name, password=PASSWORD, domain_id='default', default_project_id=project.id)
    for role in roles:
        keystone.assign_project_role_to_user(project, user, keystone.find_role(role))


def project_of(keystone, name):
    return keystone.find_project(name) or keystone.create_project(name=name, domain_id='default')


def identity():
    keystone = openstack.connect(cloud='admin').identity
    for name, type_, url in SERVICES:
        service = next(iter(keystone.services(type=type_)), None) or keystone.create_service(name=name, type=type_)
        if not list(keystone.endpoints(service_id=service.id)):
            for interface in ('public', 'internal'):
                keystone.create_endpoint(service_id=service.id, interface=interface, region_id='RegionOne',
                                         url='http://127.0.0.1:' + url)
    for role in ('admin', 'member', 'reader', 'service', 'load-balancer_member'):
        keystone.find_role(role) or keystone.create_role(name=role)
    user_of(keystone, project_of(keystone, 'service'), 'svc', ('admin', 'service'))


def rest(image_file):
    admin = openstack.connect(cloud='admin')
    for name, (vcpus, ram, disk) in FLAVORS.items():
        admin.compute.find_flavor(name) or admin.compute.create_flavor(name=name, vcpus=vcpus, ram=ram, disk=disk)
    for name in ('ssd', 'hdd'):
        admin.block_storage.find_type(name) or admin.block_storage.create_type(
            name=name, extra_specs={'volume_backend_name': name})
    for name in IMAGES:
        admin.image.find_image(name) or admin.create_image(
            name, filename=image_file, disk_format='raw', container_format='bare', visibility='public', wait=True)
    for name, cidr in EXTERNAL_NETWORKS.items():
        network = admin.network.find_network(name) or admin.network.create_network(
            name=name, is_router_external=True, provider_network_type='flat', provider_physical_network=name)
        admin.network.find_subnet(name) or admin.network.create_subnet(
            name=name, network_id=network.id, ip_version=4, cidr=cidr, is_dhcp_enabled=False)
    have = {aggregate.name for aggregate in admin.compute.aggregates()}
    for zone, hosts in ZONES.items():
        if zone in have:
            continue
        aggregate = admin.compute.create_aggregate(name=zone, availability_zone=zone)
        for host in hosts:
            admin.compute.add_host_to_aggregate(aggregate, host)


def tenancy(file, *descriptions):
    """A description: {name, network?: {name, subnet, cidr, pools?, external?, share_with?}, key_pair?: {name, public}}"""
    admin = openstack.connect(cloud='admin')
    with open(file) as known:
        content = yaml.safe_load(known)
    for description in map(json.loads, descriptions):
        name = description['name']
        project = project_of(admin.identity, name)
        user_of(admin.identity, project, name, ('member', 'load-balancer_member'))
        quotas(admin, project.id)
        content['clouds'][name] = cloud(name, name)
    with open(file, 'w') as out:
        yaml.safe_dump(content, out)
    made = {}
    for description in map(json.loads, descriptions):
        client = openstack.connect(cloud=description['name'])
        if 'key_pair' in description:
            pair = description['key_pair']
            client.compute.find_keypair(pair['name']) or client.compute.create_keypair(
                name=pair['name'], public_key=pair['public'])
        if 'network' in description:
            made[description['name']] = network_of(admin, client, description['network'])
    print(json.dumps(made))


def quotas(admin, project):
    n = UNLIMITED
    admin.set_compute_quotas(project, instances=n, cores=n, ram=n * 1024, key_pairs=n, server_groups=n,
                             server_group_members=n)
    admin.set_volume_quotas(project, volumes=n, gigabytes=n, snapshots=n)
    admin.set_network_quotas(project, network=n, subnet=n, port=n, router=n, floatingip=n, security_group=n,
                             security_group_rule=n)
    admin.load_balancer.update_quota(project, load_balancers=n, listeners=n, pools=n, members=n, health_monitors=n)


def network_of(admin, client, wanted):
    """A network with a subnet and a router that exists before a lab; shared with another project on request."""
    name = wanted['name']
    mine = client.current_project_id
    network = client.network.find_network(name, project_id=mine) or client.network.create_network(name=name)
    subnet = client.network.find_subnet(wanted['subnet'], network_id=network.id)
    if subnet is None:
        pools = {'allocation_pools': wanted['pools']} if 'pools' in wanted else {}
        subnet = client.network.create_subnet(
            name=wanted['subnet'], network_id=network.id, ip_version=4, cidr=wanted['cidr'], **pools)
        outside = client.network.find_network(wanted['external'])
        router = client.network.create_router(name=name, external_gateway_info={'network_id': outside.id})
        client.network.add_interface_to_router(router, subnet_id=subnet.id)
        if 'share_with' in wanted:
            other = admin.identity.find_project(wanted['share_with'])
            client.network.create_rbac_policy(object_type='network', object_id=network.id,
                                              action='access_as_shared', target_project_id=other.id)
    return {'network': network.id, 'subnet': subnet.id}


globals()[sys.argv[1]](*sys.argv[2:])
