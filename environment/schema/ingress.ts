/** The ingress controller of a cluster, and a tenant's Service in front of it. */
import { z } from "zod";
import type { BodySize } from "../request-limits";
import { dnsLabel, hostName, nodePort, sourceCidrs } from "./primitives";
import { bytes } from "./quantities";

const ingressNodePorts = { http: nodePort, https: nodePort };

function seconds(most: number): z.ZodNumber {
  return z
    .int({ error: "is not a whole number of seconds; write 1 or more" })
    .min(1, "is too short; write 1 second or more")
    .max(most, `is too long; write at most ${String(most)} seconds`);
}

/** nginx connects no longer than 75 seconds. */
const LONGEST_CONNECT = 75;
const DAY = 86_400;

const timeouts = z.strictObject({
  connectSeconds: seconds(LONGEST_CONNECT).default(5).describe("To connect to a pod."),
  readSeconds: seconds(DAY)
    .default(60)
    .describe("Between two reads from an application; a websocket may be silent for as long."),
  sendSeconds: seconds(DAY).default(60).describe("Between two writes to an application."),
});

const issuer = z.strictObject({
  kind: z.enum(["ClusterIssuer", "Issuer"]).default("ClusterIssuer"),
  name: dnsLabel.describe("Its name; an Issuer is in the namespace of the ingress controller."),
});

const migration = z.strictObject({
  moved: z
    .array(hostName)
    .default([])
    .describe("Hosts that Traefik serves already; without any, all requests still go to ingress-nginx."),
  all: z.boolean().default(false).describe("Whether Traefik serves every host."),
});

const exposedFloatingIp = z
  .boolean()
  .default(true)
  .describe("Whether the address has a floating IP; false: it is reached from the servers' network only.");

const exposure = z.discriminatedUnion("kind", [
  z
    .strictObject({ kind: z.literal("nodePort") })
    .describe("By NodePorts, to which the edge forwards 80 and 443."),
  z
    .strictObject({ kind: z.literal("octavia"), floatingIp: exposedFloatingIp })
    .describe(
      "By a Service of type LoadBalancer, whose load balancer the cloud controller manager makes in Octavia.",
    ),
  z
    .strictObject({ kind: z.literal("metallb"), floatingIp: exposedFloatingIp })
    .describe("By a Service of type LoadBalancer, whose address a worker holds and answers for: MetalLB."),
]);

export const ingressController = z.strictObject({
  kind: z
    .enum(["ingress-nginx", "traefik"])
    .default("ingress-nginx")
    .describe(
      "The controller. Without the key it is the one that older environments have, so that none changes by an omitted line; write traefik for a new one.",
    ),
  migration: migration
    .optional()
    .describe(
      "With kind traefik on a cluster that has ingress-nginx: both run, until the key is removed (docs/ingress.md).",
    ),
  http: ingressNodePorts.http.default(30080),
  https: ingressNodePorts.https.default(30443),
  exposure: exposure
    .default({ kind: "nodePort" })
    .describe("How clients reach the controller. The ports of ports.published stay with the edge."),
  from: sourceCidrs.default(["0.0.0.0/0"]).describe("Networks that may reach 80 and 443."),
  proxyProtocol: z
    .boolean()
    .default(false)
    .describe(
      "Applications see client addresses: every load balancer of the cluster, tenants' too, sends them to the ingress by the PROXY protocol; ingress-nginx refuses connections without it.",
    ),
  bodySize: (bytes as z.ZodType<BodySize, string>)
    .default("1Mi")
    .describe("Largest body of a request, for routes of applications that set none of their own."),
  timeouts: timeouts.prefault({}).describe("For routes of applications that set none of their own."),
  certificate: z
    .enum(["selfSigned", "given", "issuer"])
    .default("selfSigned")
    .describe(
      "given: set labstead:tlsCertificate and labstead:tlsKey by `pulumi config set --secret`; issuer: cert-manager of the cluster orders it.",
    ),
  issuer: issuer
    .optional()
    .describe("With certificate issuer: an issuer of cert-manager, both of which the cluster has already."),
});

export const tenantIngress = z.strictObject({
  http: ingressNodePorts.http.default(31080),
  https: ingressNodePorts.https.default(31443),
  from: sourceCidrs.default(["0.0.0.0/0"]),
});

export type IngressConfig = z.output<typeof ingressController>;
