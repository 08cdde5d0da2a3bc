/** Services of a hub, as JupyterHub calls programs that use its API, each with the scopes that it needs and no others. */
import { EnvironmentVariable, traitletsOf, type PythonValue, type Traitlet } from "../../kit/python";
import { PORTS } from "./names";
import type { HubPlan } from "./plan";
import { SECRET_VARIABLES } from "./secrets";

interface HubService {
  readonly name: string;
  readonly scopes: readonly string[];
  /** How it runs, or the token by which it comes in. */
  readonly access: Readonly<Record<string, PythonValue>>;
}

export function serviceSettings(plan: HubPlan): readonly Traitlet[] {
  const services = [...cullers(plan), PEOPLE, ...(plan.metrics === undefined ? [] : [METRICS])];
  return traitletsOf("JupyterHub", {
    services: services.map(({ name, access }) => ({ name, ...access })),
    load_roles: services.map(({ name, scopes }) => ({ name, services: [name], scopes })),
  });
}

/** Of `labstead hubs`, which runs inside of the hub's pod: people leave, and change their names. */
const PEOPLE: HubService = {
  name: "labstead",
  scopes: ["admin:users", "read:servers", "admin:server_state", "delete:servers", "tokens"],
  access: { api_token: new EnvironmentVariable(SECRET_VARIABLES.peopleToken) },
};

/** Of the scraper of `/hub/metrics`; zero-to-jupyterhub's documentation calls it so. */
const METRICS: HubService = {
  name: "service-prometheus",
  scopes: ["read:metrics"],
  access: { api_token: new EnvironmentVariable(SECRET_VARIABLES.metricsToken) },
};

/** The culler is a process of the hub's pod, under zero-to-jupyterhub's name. */
function cullers({ cull, path }: HubPlan): readonly HubService[] {
  if (cull.kind === "never") return [];
  const { timeoutSeconds, everySeconds, maxAgeSeconds } = cull;
  const command = [
    "python3",
    "-m",
    "jupyterhub_idle_culler",
    `--url=http://localhost:${PORTS.hub}${path}hub/api`,
    `--timeout=${timeoutSeconds}`,
    `--cull-every=${everySeconds}`,
    "--concurrency=10",
    ...(maxAgeSeconds === undefined ? [] : [`--max-age=${maxAgeSeconds}`]),
  ];
  return [
    {
      name: "jupyterhub-idle-culler",
      scopes: ["list:users", "read:users:activity", "read:servers", "delete:servers"],
      access: { command },
    },
  ];
}
