/** NodePorts and addresses of a cluster: which are in use, and free ones for Services that request any. */
import type { PlainMap } from "../../provider-protocol";

import type { FieldError } from "./api-error";
import { mapsAt, textAt, valueAt, withFields } from "./fields";

/** The API server's default `--service-node-port-range`. */
const NODE_PORTS = { from: 30000, to: 32767 } as const;

/**
 * First port for requests without a number: the API server reserves the first 86 of its default range for requests with
 * one. Source: Kubernetes, "Avoiding collisions": min(max(16, range / 32), 128).
 */
const FIRST_DYNAMIC_PORT = NODE_PORTS.from + 86;

/** 10.96.0.0/12, kubeadm's default, from 10.97.0.0 on: a plan may ask for one below. */
const FIRST_SERVICE_IP = (10 << 24) + (97 << 16) + 1;

/** Documentation addresses (RFC 5737) for what a cloud's load balancers would have: 198.51.100.1 to .253. */
const EXTERNAL_IPS = Array.from({ length: 253 }, (_, index) => `198.51.100.${index + 1}`);

/** What a cluster hands out. An owner is the key of an object. */
export class Allocations {
  readonly #ports = new Map<number, string>();
  readonly #ips = new Map<string, string>();
  #nextPort = FIRST_DYNAMIC_PORT;
  #nextIp = FIRST_SERVICE_IP;

  /** What is wrong with the ports and the address that a Service requests. */
  errors(owner: string, service: PlainMap): readonly FieldError[] {
    const ports = mapsAt(service, "spec", "ports").flatMap((port, index) => {
      const number = port["nodePort"];
      if (typeof number !== "number") return [];
      const problem = this.#portProblem(owner, number);
      return problem === undefined
        ? []
        : [`spec.ports[${index}].nodePort: Invalid value: ${number}: ${problem}`];
    });
    const ip = textAt(service, "spec", "clusterIP");
    const holder = this.#ips.get(ip);
    return holder === undefined || holder === owner
      ? ports
      : [
          ...ports,
          `spec.clusterIPs: Invalid value: ["${ip}"]: failed to allocate IP ${ip}: provided IP is already allocated`,
        ];
  }

  #portProblem(owner: string, number: number): string | undefined {
    if (number < NODE_PORTS.from || number > NODE_PORTS.to)
      return `provided port is not in the valid range. The range of valid ports is ${NODE_PORTS.from}-${NODE_PORTS.to}`;
    // One Service may publish a port by TCP and UDP; two Services may not share it.
    const holder = this.#ports.get(number) ?? owner;
    return holder === owner ? undefined : "provided port is already allocated";
  }

  /** The Service with the ports and addresses that it did not ask for, all held by the owner from now on. */
  assign(owner: string, service: PlainMap): PlainMap {
    this.release(owner, service);
    const type = textAt(service, "spec", "type");
    if (type === "ExternalName") return service;
    const addressed = this.#withAddress(owner, service);
    const ports = mapsAt(addressed, "spec", "ports").map((port) => {
      if (type !== "NodePort" && type !== "LoadBalancer") return port;
      const nodePort = typeof port["nodePort"] === "number" ? port["nodePort"] : this.#freePort();
      this.#ports.set(nodePort, owner);
      return { ...port, nodePort };
    });
    return ports.length === 0 ? addressed : withFields(addressed, ["spec"], { ports });
  }

  #withAddress(owner: string, service: PlainMap): PlainMap {
    const asked = textAt(service, "spec", "clusterIP");
    const clusterIP = asked === "" ? this.#freeIp() : asked;
    const external = loadBalancerIp(service);
    for (const ip of [clusterIP, external]) if (ip !== "None" && ip !== "") this.#ips.set(ip, owner);
    return withFields(service, ["spec"], {
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    });
  }

  /** Takes back what an object holds. */
  release(owner: string, object: PlainMap): void {
    for (const ip of [textAt(object, "spec", "clusterIP"), loadBalancerIp(object)])
      if (this.#ips.get(ip) === owner) this.#ips.delete(ip);
    for (const port of mapsAt(object, "spec", "ports")) {
      const number = valueAt(port, "nodePort");
      if (typeof number === "number" && this.#ports.get(number) === owner) this.#ports.delete(number);
    }
  }

  /** The address of the load balancer of a Service: the one it has, else a free one. */
  externalIp(owner: string, service: PlainMap): string {
    const ip = loadBalancerIp(service) || EXTERNAL_IPS.find((each) => !this.#ips.has(each)) || "";
    if (ip === "") throw new Error("no free address for another load balancer");
    this.#ips.set(ip, owner);
    return ip;
  }

  #freePort(): number {
    const size = NODE_PORTS.to - NODE_PORTS.from + 1;
    for (let tried = 0; tried < size; tried++) {
      const port = this.#nextPort;
      this.#nextPort = port === NODE_PORTS.to ? NODE_PORTS.from : port + 1;
      if (!this.#ports.has(port)) return port;
    }
    throw new Error("failed to allocate a nodePort: range is full");
  }

  #freeIp(): string {
    while (this.#ips.has(dotted(this.#nextIp))) this.#nextIp++;
    return dotted(this.#nextIp++);
  }
}

function loadBalancerIp(service: PlainMap): string {
  return textAt(mapsAt(service, "status", "loadBalancer", "ingress")[0] ?? {}, "ip");
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}
