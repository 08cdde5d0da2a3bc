import { z } from "zod";
import { itemKey, nodePort, nodePortWindow, port, sourceCidrs } from "./primitives";
import { urlPath } from "./texts";

export const probe = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("tcp") }),
  z.strictObject({ kind: z.literal("http"), path: urlPath, port: port.optional() }),
  z.strictObject({ kind: z.literal("https"), path: urlPath, port: port.optional() }),
]);

export const publishedPort = z.strictObject({
  external: port.describe("What clients dial."),
  nodePort: nodePort.describe("NodePort of the Service that answers."),
  protocol: z.enum(["tcp", "udp"]).default("tcp"),
  from: sourceCidrs.describe("Networks that clients may connect from."),
  probe: probe.default({ kind: "tcp" }).describe("Health check of the load balancer."),
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

const ingressNodePorts = { http: nodePort, https: nodePort };

export const ingressController = z.strictObject({
  kind: z.enum(["ingress-nginx", "traefik"]).default("ingress-nginx"),
  http: ingressNodePorts.http.default(30080),
  https: ingressNodePorts.https.default(30443),
  from: sourceCidrs.default(["0.0.0.0/0"]).describe("Networks that may reach 80 and 443."),
  proxyProtocol: z
    .boolean()
    .default(false)
    .describe(
      "Applications see client addresses: every load balancer of the cluster, tenants' too, sends them to the ingress by the PROXY protocol, and connections without it are refused.",
    ),
  certificate: z
    .enum(["selfSigned", "given"])
    .default("selfSigned")
    .describe("given: set labstead:tlsCertificate and labstead:tlsKey by `pulumi config set --secret`."),
});

export const tenantIngress = z.strictObject({
  http: ingressNodePorts.http.default(31080),
  https: ingressNodePorts.https.default(31443),
  from: sourceCidrs.default(["0.0.0.0/0"]),
});

export type PortsConfig = z.output<typeof ports>;
