/** `rules` of an owner: what admission policies of the API server let into the namespaces of its environments. */
import { z } from "zod";
import { hostName, dnsLabel } from "./primitives";
import { line } from "./texts";

/** Rules that a namespace can be excepted from. */
export const RULES = ["services", "limits", "images", "hosts"] as const;
/**
 * - `services`: NodePorts, load balancers, external IPs, Services for a name.
 * - `limits`: every container has limits of CPU and memory.
 * - `images`: images come from the environment's sources.
 * - `hosts`: Ingresses and routes serve the environment's hosts.
 */
export type Rule = (typeof RULES)[number];

/** A registry, or a part of one, down to a repository; Docker Hub's images are written in full, as containerd does. */
export const imageSource = z
  .string()
  .regex(
    /^(?=.{3,255}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]+(:[0-9]{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
    "is not a source of images; write a registry and optionally a path in it without a tag, such as quay.io/jupyter or docker.io/library/busybox",
  );

const images = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("listed"),
    from: z
      .array(imageSource)
      .default([])
      .describe("Sources beside the repositories of the lab's own images."),
  }),
  z.strictObject({ kind: z.literal("any") }),
]);

const exception = z.strictObject({
  allow: z
    .array(z.enum(RULES))
    .min(1, `is empty; list the rules that do not hold there, of ${RULES.join(", ")}`),
  reason: line("why the namespace needs it, for whoever reads the policies"),
});

export const rules = z.strictObject({
  images: images
    .default({ kind: "listed", from: [] })
    .describe("Where the images of pods may come from, in the owner's namespaces and its tenants'."),
  loadBalancers: z
    .enum(["refused", "allowed"])
    .default("refused")
    .describe(
      "Services of type LoadBalancer in the owner's namespaces: each is a load balancer of the cloud, with an address of its own beside the edge. A tenant has none.",
    ),
  hosts: z
    .array(hostName)
    .default([])
    .describe("Hosts outside of `domain` that people's own Ingresses and routes may serve."),
  exceptions: z
    .record(dnsLabel, exception)
    .default({})
    .describe("Namespaces in which some rules do not hold, such as those of a chart of your own."),
});

export type RulesConfig = z.output<typeof rules>;
