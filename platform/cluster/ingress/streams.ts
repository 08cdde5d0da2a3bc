/** Ports of the ingress controller whose connections it forwards as they are: databases, SSH, anything but pages. */
import type { PortPlan, StreamTarget } from "../../../environment/plan/types";
import type { ContainerPorts } from "../../../kit";

/** A port of the controller, and the Service behind it. */
export interface Stream {
  readonly protocol: PortPlan["protocol"];
  /** On the nodes. The controller listens on the same number, which is free in its pods. */
  readonly nodePort: number;
  readonly service: StreamTarget;
}

export const STREAM_PROTOCOLS = ["tcp", "udp"] as const satisfies readonly Stream["protocol"][];

/** The streams of an environment, by its open ports. */
export function streamsOf(ports: readonly PortPlan[]): readonly Stream[] {
  return ports.flatMap(({ protocol, backend, service }) =>
    service === undefined ? [] : [{ protocol, nodePort: backend, service }],
  );
}

/** Name of a stream's port in container and Service, and of Traefik's entry point: `tcp-30022`. */
export function streamName({ protocol, nodePort }: Stream): string {
  return `${protocol}-${String(nodePort)}`;
}

export function streamPorts(streams: readonly Stream[]): ContainerPorts {
  return Object.fromEntries(
    streams.map((each) => [
      streamName(each),
      { number: each.nodePort, protocol: each.protocol === "tcp" ? ("TCP" as const) : ("UDP" as const) },
    ]),
  );
}
