/** The settings of `jupyterhub_config.py`, as data. */
import { traitletsOf, type Traitlet } from "../../kit/python";
import { PORTS, SERVICES } from "./names";
import type { HubPlan } from "./plan";
import { serviceSettings } from "./services";
import { signInSettings } from "./sign-in/settings";
import { spawnerSettings } from "./server/settings";

/** In the hub's working directory. */
const DATABASE_URL = "sqlite:///jupyterhub.sqlite";

/** All settings of a hub: those of the program, then the configuration's own. */
export function hubSettings(plan: HubPlan): readonly Traitlet[] {
  return [...ownSettings(plan), ...chosenSettings(plan)];
}

/** What the program sets. Services have addresses by name: variables with their ports are off in all pods. */
export function ownSettings(plan: HubPlan): readonly Traitlet[] {
  return [
    ...traitletsOf("JupyterHub", {
      base_url: plan.path,
      // Every interface: a port-forward connects to loopback.
      hub_bind_url: `http://:${PORTS.hub}`,
      hub_connect_url: `http://${SERVICES.hub}:${PORTS.hub}`,
      db_url: DATABASE_URL,
      // A restart of the hub leaves people's servers alone.
      cleanup_servers: false,
      cleanup_proxy: false,
      last_activity_interval: 60,
      active_server_limit: plan.activeServerLimit,
      concurrent_spawn_limit: 64,
      // A person sees the progress of a start at once.
      tornado_settings: { slow_spawn_timeout: 0 },
    }),
    ...traitletsOf("ConfigurableHTTPProxy", {
      should_start: false,
      api_url: `http://${SERVICES.proxyApi}:${PORTS.proxyApi}`,
    }),
    ...signInSettings(plan),
    ...spawnerSettings(plan),
    ...serviceSettings(plan),
  ];
}

/** The configuration's `traitlets`; the checks refuse what the program sets. */
function chosenSettings({ traitlets }: HubPlan): readonly Traitlet[] {
  return Object.entries(traitlets).map(([name, value]) => {
    const [owner = "", trait = ""] = name.split(".");
    return { owner, trait, value };
  });
}
