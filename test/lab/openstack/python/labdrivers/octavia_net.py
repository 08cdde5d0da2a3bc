"""Octavia network driver: the VIP's port and security group are real in Neutron; amphorae have no interfaces."""
from octavia.common import data_models
from octavia.controller.worker.v2.tasks import network_tasks
from octavia.network import data_models as network_models
from octavia.network.drivers.neutron import allowed_address_pairs

# Members in other subnets would need an interface of an amphora.
network_tasks.CalculateDelta.execute = lambda self, *args, **kwargs: {}


class VipPortOnly(allowed_address_pairs.AllowedAddressPairsDriver):
    def plug_aap_port(self, load_balancer, vip, amphora, subnet):
        return data_models.Amphora(id=amphora.id, compute_id=amphora.compute_id, vrrp_ip=vip.ip_address,
                                   ha_ip=vip.ip_address, vrrp_port_id=None, ha_port_id=vip.port_id)

    def unplug_aap_port(self, vip, amphora, subnet):
        pass

    def get_network_configs(self, loadbalancer, amphora=None):
        amphorae = [amphora] if amphora else loadbalancer.amphorae
        return {each.id: network_models.AmphoraNetworkConfig(vrrp_port=network_models.Port()) for each in amphorae}
