"""Metrics of the hub and its proxy: read by the token of their service, and by nothing else."""
import os

import requests
from hub_lab import main


def scenario(lab):
    hub = f"http://hub:8081{lab.base}hub"
    environment = {**os.environ, **lab.settings["environment"]}

    def status(path, variable):
        headers = {} if variable is None else {"Authorization": f"token {environment[variable]}"}
        return requests.get(f"{hub}{path}", headers=headers, timeout=10)

    with lab.proxy(), lab.hub("hub.py"):
        read = status("/metrics", "METRICS_API_TOKEN")
        proxy = requests.get("http://127.0.0.1:8002/metrics", timeout=10)
        return {
            "by the token": [read.status_code, "jupyterhub_active_users" in read.text],
            "without one": status("/metrics", None).status_code,
            "by another service's": status("/metrics", "LABSTEAD_API_TOKEN").status_code,
            "people by the token": status("/api/users", "METRICS_API_TOKEN").status_code,
            "of the proxy": [proxy.status_code, "requests_web" in proxy.text],
        }


if __name__ == "__main__":
    main(scenario)
