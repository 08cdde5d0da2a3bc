/** Ports of containers and of the Services in front of them. */
import type { k8s } from "cdk8s-plus-27";

/** Protocol of a port; the default is TCP. */
export type PortProtocol = "TCP" | "UDP" | "SCTP";

/** A plain number is a TCP port. */
export type ContainerPort = number | { readonly number: number; readonly protocol: PortProtocol };

/** Ports of a container by name: `{ http: 8000, dns: { number: 53, protocol: "UDP" } }`. */
export type ContainerPorts = Readonly<Record<string, ContainerPort>>;

/**
 * Port fields of a container. In the host's network each port is also declared as a host port, so that the scheduler
 * never puts two pods with the same port on one host.
 * @throws Error on a name that Kubernetes does not accept, or a number that is not a port
 */
export function containerPorts(
  container: string,
  ports: ContainerPorts,
  hostNetwork: boolean,
): k8s.ContainerPort[] {
  return Object.entries(ports).map(([name, port]) => {
    const { number: containerPort, protocol } =
      typeof port === "number" ? { number: port, protocol: "TCP" } : port;
    checkName(container, name);
    checkNumber(container, name, containerPort);
    return { name, containerPort, protocol, ...(hostNetwork ? { hostPort: containerPort } : {}) };
  });
}

/** By RFC 6335, as Kubernetes checks it. */
const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

/** @throws Error on a name that Kubernetes does not accept */
export function checkName(owner: string, name: string): void {
  if (PORT_NAME.test(name)) return;
  throw new Error(
    `${owner}: ${JSON.stringify(name)} is no name of a port; use 1 to 15 lower-case letters and digits, a letter among them, with single hyphens between`,
  );
}

/** @throws Error on a number that is not a port */
export function checkNumber(owner: string, name: string, port: number): void {
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return;
  throw new Error(`${owner}: port "${name}" is ${port}; a port is a whole number from 1 to 65535`);
}
