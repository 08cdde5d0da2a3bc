import { z } from "zod";
import { dnsLabel, itemKey, nodePort, nodePortWindow, port, sourceCidrs } from "./primitives";
import { urlPath } from "./texts";

export const probe = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("tcp") }),
  z.strictObject({ kind: z.literal("http"), path: urlPath, port: port.optional() }),
  z.strictObject({ kind: z.literal("https"), path: urlPath, port: port.optional() }),
]);

/** A Service to which the ingress controller forwards connections as they are. */
const streamTarget = z.strictObject({
  namespace: dnsLabel,
  name: dnsLabel.describe("Of the Service; its NetworkPolicies have to admit the ingress controller."),
  port: port.describe("One of the Service's ports."),
});

export const publishedPort = z.strictObject({
  external: port.describe("What clients dial."),
  nodePort: nodePort.describe("NodePort of the Service that answers."),
  protocol: z.enum(["tcp", "udp"]).default("tcp"),
  from: sourceCidrs.describe("Networks that clients may connect from."),
  probe: probe.default({ kind: "tcp" }).describe("Health check of the load balancer."),
  service: streamTarget
    .optional()
    .describe(
      "The ingress controller answers and forwards to this Service. Without it a Service of your own has the NodePort.",
    ),
});

/** Ports open to the outside; each is declared once, and every layer takes it from the plan. */
export const ports = z.strictObject({
  published: z.record(itemKey, publishedPort).default({}),
  internal: z
    .record(itemKey, nodePort)
    .default({})
    .describe("NodePorts for use inside the network only, such as a registry cache."),
  window: nodePortWindow
    .extend({ open: sourceCidrs.default(["0.0.0.0/0"]) })
    .optional()
    .describe(
      "Test window: NodePorts that are forwarded as they are (30048–30060 in all, divided among environments).",
    ),
});

export type PortsConfig = z.output<typeof ports>;
