"""The l3 service plugin with what the l3 agent reports: a floating IP is ACTIVE while it leads to a port."""
from neutron.services.l3_router import l3_router_plugin


class L3(l3_router_plugin.L3RouterPlugin):
    def _reported(self, context, floating_ip):
        floating_ip['status'] = 'ACTIVE' if floating_ip['port_id'] else 'DOWN'
        self.update_floatingip_status(context, floating_ip['id'], floating_ip['status'])
        return floating_ip

    def create_floatingip(self, context, floatingip):
        return self._reported(context, super().create_floatingip(context, floatingip))

    def update_floatingip(self, context, id, floatingip):
        return self._reported(context, super().update_floatingip(context, id, floatingip))

    def disassociate_floatingips(self, context, port_id, do_notify=True):
        """Called when a port is deleted."""
        admin = context.elevated()
        floating_ips = self.get_floatingips(admin, filters={'port_id': [port_id]})
        result = super().disassociate_floatingips(context, port_id, do_notify)
        for floating_ip in floating_ips:
            self.update_floatingip_status(admin, floating_ip['id'], 'DOWN')
        return result
