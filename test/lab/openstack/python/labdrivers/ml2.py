"""ML2 mechanism driver: every port is bound on any host at once and becomes ACTIVE, as if an agent had wired it."""
from neutron_lib import constants
from neutron_lib import context as neutron_context
from neutron_lib.api.definitions import portbindings
from neutron_lib.plugins import directory
from neutron_lib.plugins.ml2 import api


class BindEverywhere(api.MechanismDriver):
    def initialize(self):
        pass

    def bind_port(self, context):
        for segment in context.segments_to_bind:
            context.set_binding(segment[api.ID], portbindings.VIF_TYPE_OVS, {portbindings.CAP_PORT_FILTER: True},
                                status=constants.PORT_STATUS_ACTIVE)
            return

    def create_port_postcommit(self, context):
        """Ports of routers have no host, so they are never bound."""
        port = context.current
        if port['device_owner'].startswith('network:router') and port['status'] != constants.PORT_STATUS_ACTIVE:
            directory.get_plugin().update_port_status(
                neutron_context.get_admin_context(), port['id'], constants.PORT_STATUS_ACTIVE)

    update_port_postcommit = create_port_postcommit
