/** Rules for the ports of one Service. */
import { NODE_PORT_RANGE } from "../environment/schema/primitives";
import { checkName, checkNumber, type PortProtocol } from "./ports";

interface CheckedPort {
  readonly name: string;
  readonly port: number;
  readonly targetPort?: number;
  readonly nodePort?: number;
  readonly protocol?: PortProtocol;
}

/** @throws Error if there is no port, a port twice, or one that Kubernetes does not accept */
export function checkServicePorts(service: string, ports: readonly CheckedPort[]): void {
  if (ports.length === 0) throw new Error(`${service}: has no port; a Service needs one`);
  const names = new Set<string>();
  const taken = new Map<string, string>();
  for (const { name, port, targetPort = port, nodePort, protocol = "TCP" } of ports) {
    checkName(service, name);
    checkNumber(service, name, port);
    checkNumber(service, name, targetPort);
    if (nodePort !== undefined) checkNodePort(service, name, nodePort);
    if (names.has(name)) throw new Error(`${service}: has two ports named "${name}"; name each once`);
    names.add(name);
    takeOnce(service, taken, `${protocol} ${port}`, name);
    if (nodePort !== undefined) takeOnce(service, taken, `${protocol} ${nodePort} of the nodes`, name);
  }
}

function takeOnce(service: string, taken: Map<string, string>, key: string, name: string): void {
  const other = taken.get(key);
  if (other !== undefined) throw new Error(`${service}: "${other}" and "${name}" are both ${key}; drop one`);
  taken.set(key, name);
}

function checkNodePort(service: string, name: string, nodePort: number): void {
  const { from, to } = NODE_PORT_RANGE;
  if (Number.isInteger(nodePort) && nodePort >= from && nodePort <= to) return;
  throw new Error(
    `${service}: NodePort "${name}" is ${nodePort}; a NodePort is a whole number from ${from} to ${to}`,
  );
}
