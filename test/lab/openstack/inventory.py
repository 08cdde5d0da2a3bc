"""inventory.py PROJECT: everything that a project has, as JSON by name, asked for with OpenStack's own client."""
import base64
import collections
import gzip
import json
import sys

import openstack

project = sys.argv[1]
cloud = openstack.connect(cloud=project)
admin = openstack.connect(cloud='admin')
mine = cloud.current_project_id


def readable(user_data):
    if not user_data:
        return ''
    content = base64.b64decode(user_data)
    return (gzip.decompress(content) if content[:2] == b'\x1f\x8b' else content).decode()


def mapped(things, value):
    return {thing.name: value(thing) for thing in things}


def counted(kind, names):
    """Names that several things of a kind have; those without a name are distinguished by other properties."""
    return [f'{kind} {name}' for name, count in collections.Counter(names).items() if name and count > 1]


# Only an administrator may read user data and hosts.
path = f'/servers/detail?all_tenants=true&project_id={mine}'
servers = admin.compute.get(path, microversion='2.46').json()['servers']
ports = list(cloud.network.ports(project_id=mine))
networks = {network.id: network for network in cloud.network.networks()}
subnets = list(cloud.network.subnets(project_id=mine))
groups = {group.id: group for group in cloud.network.security_groups(project_id=mine)}
volumes = list(cloud.block_storage.volumes())
server_groups = list(cloud.compute.server_groups())
floating_ips = list(cloud.network.ips(project_id=mine))
balancers = list(cloud.load_balancer.load_balancers())
credentials = list(cloud.identity.application_credentials(user=cloud.current_user_id))
flavors = {flavor.id: flavor.name for flavor in admin.compute.flavors(is_public=None)}
images = {image.id: image.name for image in cloud.image.images()}
server_names = {server['id']: server['name'] for server in servers}
port_names = {port.id: port.name for port in ports}


def server_of(server):
    attached = [each['id'] for each in server['os-extended-volumes:volumes_attached']]
    by_id = {volume.id: volume for volume in volumes}
    return {
        'status': server['status'], 'flavor': flavors[server['flavor']['id']],
        'image': images[server['image']['id']] if server['image'] else '',
        'addresses': sorted(each['addr'] for network in server['addresses'].values() for each in network
                            if each['OS-EXT-IPS:type'] == 'fixed'),
        'metadata': server['metadata'], 'tags': sorted(server['tags']), 'key_pair': server['key_name'] or '',
        'zone': server['OS-EXT-AZ:availability_zone'], 'host': server['OS-EXT-SRV-ATTR:host'],
        'config_drive': server['config_drive'] == 'True',
        'user_data': readable(server.get('OS-EXT-SRV-ATTR:user_data')),
        'volumes': sorted(by_id[each].name for each in attached if by_id[each].name),
        'boot_volumes': [by_id[each].size for each in attached if by_id[each].is_bootable]}


def port_of(port):
    return {
        'addresses': [each['ip_address'] for each in port.fixed_ips], 'status': port.status,
        'groups': sorted(groups[each].name for each in port.security_group_ids if each in groups),
        'pairs': sorted(each['ip_address'] for each in port.allowed_address_pairs),
        'port_security': port.is_port_security_enabled, 'tags': sorted(port.tags), 'owner': port.device_owner}


def rule_of(rule):
    return {
        'direction': rule['direction'], 'ethertype': rule['ethertype'], 'protocol': rule['protocol'] or '',
        'min': rule['port_range_min'], 'max': rule['port_range_max'], 'cidr': rule['remote_ip_prefix'] or '',
        'group': groups[rule['remote_group_id']].name if rule['remote_group_id'] else '',
        'description': rule['description'] or ''}


def volume_of(volume):
    return {
        'status': volume.status, 'size': volume.size, 'type': volume.volume_type, 'metadata': dict(volume.metadata),
        'zone': volume.availability_zone, 'server': [server_names.get(each['server_id']) for each in volume.attachments]}


def floating_ip_of(floating_ip):
    return {'address': floating_ip.floating_ip_address, 'status': floating_ip.status,
            'network': networks[floating_ip.floating_network_id].name, 'fixed': floating_ip.fixed_ip_address,
            'port': port_names.get(floating_ip.port_id, ''), 'tags': sorted(floating_ip.tags)}


def pool_of(pool_id):
    pool = cloud.load_balancer.get_pool(pool_id)
    monitor = cloud.load_balancer.get_health_monitor(pool.health_monitor_id)
    members = [{'name': each.name, 'address': each.address, 'port': each.protocol_port, 'monitor': each.monitor_port}
               for each in cloud.load_balancer.members(pool_id)]
    return {'protocol': pool.protocol, 'algorithm': pool.lb_algorithm, 'members': sorted(members, key=str),
            'monitor': {'type': monitor.type, 'path': monitor.url_path, 'delay': monitor.delay,
                        'timeout': monitor.timeout, 'retries': monitor.max_retries}}


def balancer_of(balancer):
    listeners = [each for each in cloud.load_balancer.listeners() if
                 any(parent['id'] == balancer.id for parent in each.load_balancers)]
    vip = cloud.network.get_port(balancer.vip_port_id)
    return {
        'status': balancer.provisioning_status, 'vip': balancer.vip_address,
        'groups': sorted(groups[each].name if each in groups else each for each in vip.security_group_ids),
        'listeners': {str(each.protocol_port): {
            'protocol': each.protocol, 'from': sorted(each.allowed_cidrs or []), 'status': each.provisioning_status,
            'timeouts': [each.timeout_client_data, each.timeout_member_data, each.timeout_member_connect],
            'pool': pool_of(each.default_pool_id)} for each in listeners}}


def server_group_of(group):
    return {'policies': group.policies or [group.policy],
            'members': sorted(server_names[each] for each in group.member_ids if each in server_names)}


def credential_of(credential):
    return {'roles': sorted(each['name'] for each in credential.roles), 'unrestricted': credential.unrestricted,
            'expires': credential.expires_at}


# Neutron and Nova count or date each change of a resource.
marks = {
    'server': [(each['name'], each['id'], each['updated']) for each in servers],
    'port': [(each.name, each.id, each.revision_number) for each in ports],
    'volume': [(each.name, each.id, each.size) for each in volumes],
    'group': [(each.name, each.id, each.revision_number) for each in groups.values()],
    'server group': [(each.name, each.id, '') for each in server_groups],
    'floating IP': [(each.description, each.id, each.revision_number) for each in floating_ips],
    'balancer': [(each.name, each.id, '') for each in balancers],
    'credential': [(each.name, each.id, '') for each in credentials]}

print(json.dumps({
    'marks': {kind: {name: f'{id} {change}' for name, id, change in each if name} for kind, each in marks.items()},
    'doubled': [text for kind, each in marks.items() for text in counted(kind, [name for name, *_ in each])],
    'unnamed_volumes': len([each for each in volumes if not each.name]),
    'servers': {server['name']: server_of(server) for server in servers},
    'ports': mapped(ports, port_of),
    'networks': {each.name: {'mtu': each.mtu, 'tags': sorted(each.tags)}
                 for each in networks.values() if each.project_id == mine},
    'subnets': {each.name: {'cidr': each.cidr, 'gateway': each.gateway_ip, 'dns': each.dns_nameservers,
                            'pools': each.allocation_pools} for each in subnets},
    'routers': {each.name: {'status': each.status,
                            'external': networks[each.external_gateway_info['network_id']].name}
                for each in cloud.network.routers(project_id=mine) if each.external_gateway_info},
    'groups': {group.name: sorted((rule_of(rule) for rule in group.security_group_rules), key=str)
               for group in groups.values()},
    'server_groups': mapped(server_groups, server_group_of),
    'volumes': {volume.name: volume_of(volume) for volume in volumes if volume.name},
    'floating_ips': {each.description: floating_ip_of(each) for each in floating_ips},
    'balancers': mapped(balancers, balancer_of),
    'credentials': mapped(credentials, credential_of),
    'key_pairs': sorted(each.name for each in cloud.compute.keypairs()),
    'containers': {each.name: dict(cloud.object_store.get_container_metadata(each.name).metadata)
                   for each in cloud.object_store.containers()},
}))
