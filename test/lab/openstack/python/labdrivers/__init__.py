"""Drivers that stand in for agents, hypervisors and disks: they report to the services as those would."""
