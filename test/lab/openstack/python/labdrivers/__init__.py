"""The last inch of the lab: drivers that do what agents, hypervisors and disks would report back to the services."""
