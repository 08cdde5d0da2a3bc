/** Ports that are open to the whole internet, or would be by default. */
import { coverWorld } from "../addresses";
import { isOwner, type ServersEnvironmentConfig } from "../config";
import { finding, type Finding } from "../findings";
import { unwantedAddress } from "../plan/edge-address";
import type { PortPlan } from "../plan/types";

export function checkOpenPorts(
  config: ServersEnvironmentConfig,
  ports: readonly PortPlan[],
): readonly Finding[] {
  return [
    ...checkWorldPorts(ports),
    ...checkPublicApplications(config),
    ...checkUnwantedAddress(config, ports),
  ];
}

/** The ingress is public by default, and the API is checked with the operators' access. */
function checkWorldPorts(ports: readonly PortPlan[]): readonly Finding[] {
  const open = ports.filter(
    ({ purpose, admits }) =>
      (purpose === "window" || purpose === "published") && coverWorld(admits.map(({ cidr }) => cidr)),
  );
  return [...new Set(open.map(listPath))].map((path) =>
    finding(
      "port.world",
      path,
      "is open to the whole internet",
      "list the networks of those who use it instead, unless it is for everybody",
    ),
  );
}

/** Configuration path of the list of a port's clients. */
function listPath({ purpose, path }: PortPlan): string {
  return purpose === "window" ? `${path}.open` : path.replace(/\.external$/, ".from");
}

function checkPublicApplications(config: ServersEnvironmentConfig): readonly Finding[] {
  if (!isOwner(config)) return [];
  return Object.entries(config.servers.applicationServers).flatMap(([name, server]) => {
    const open = server.publicApplications.filter((each) => server.applications.includes(each));
    if (open.length === 0) return [];
    return [
      finding(
        "port.world",
        `servers.applicationServers.${name}.publicApplications`,
        `${open.join(", ")} ${open.length === 1 ? "is" : "are"} open to the whole internet`,
        "take out what is not for everybody; people.<name>.applications opens it to single people",
      ),
    ];
  });
}

function checkUnwantedAddress(
  config: ServersEnvironmentConfig,
  ports: readonly PortPlan[],
): readonly Finding[] {
  const why = unwantedAddress(config);
  const closed = ports.filter(
    ({ loadBalancer, admits }) => loadBalancer === "edge" && admits.some(({ origin }) => origin === "inside"),
  );
  const [first] = closed;
  if (why === undefined || first === undefined) return [];
  const numbers = closed.map(({ external }) => String(external)).join(", ");
  return [
    finding(
      "port.inside",
      "edge.floatingIp",
      `is false, but ${why}: ports ${numbers} admit ${first.admits[0].cidr} alone`,
      "list other networks in ingress.from, from and open of the ports, or set it to true",
    ),
  ];
}
