/** `apps.userPods` of an environment: one pod for each declared user, with the user's own UID (SV). */
import { z } from "zod";
import { labels } from "../../environment/schema/labels";
import { dnsLabel, hostName, nodePort } from "../../environment/schema/primitives";
import { line, webAddress } from "../../environment/schema/texts";
import { containerSchema } from "./container/configuration";
import { directorySchema } from "./directory/configuration";
import { gatewaySchema } from "./gateway/configuration";
import { LARGEST_ID } from "./ids";
import { volumeSchema } from "./volumes/configuration";

const id = (what: string) =>
  z
    .int(`is not a whole number; write the ${what} of the user`)
    .min(1, `is less than 1; write the ${what} of the user, which is never 0, root's`)
    .max(
      LARGEST_ID,
      `is more than ${LARGEST_ID}; write the ${what} of the user, as the file server knows it`,
    );

const user = z.strictObject({
  uid: id("UID").describe("As the file server knows the user; it names the pod: uid<UID>."),
  gid: id("GID").optional().describe("Primary group. Default: the UID, a group of the user's own."),
  directoryName: line("the user's name in the directory")
    .optional()
    .describe("Value of directory.nameAttribute. Default: the user's name here."),
  nodePort: nodePort
    .optional()
    .describe("With exposure nodePort: a port of ports.window at which the user's pod answers."),
  signInName: line("the user's name in the sign-in")
    .optional()
    .describe(
      "With exposure gateway: how the sign-in names the user, such as an e-mail address. Default: the user's name here.",
    ),
  kubernetesUser: line("the user's name in the Kubernetes API")
    .optional()
    .describe(
      "Who may start and stop the pod, as the API server names the user. Default: the person of this name in `people`; without one, operators only.",
    ),
});

/** Every text but braces, in which only these two words may be. */
const AUTH_URL =
  /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?\/[A-Za-z0-9._~%+@:,=/?&-]*(\{(uid|user)\}[A-Za-z0-9._~%+@:,=/?&-]*)+$/;

const auth = z.strictObject({
  url: z
    .string()
    .regex(
      AUTH_URL,
      "does not ask who may open whose pod; write a URL with {uid} or {user} in its path or query, such as http://oauth2-proxy.sign-in.svc.cluster.local/oauth2/auth?allowed_emails={user}@example.org",
    )
    .describe("Asked for each request: 200 lets it in. {uid} and {user} are of the pod's owner."),
  signIn: webAddress(
    "https?",
    "is not the URL of a page; write where people sign in, such as https://id.example.org/oauth2/start",
  ).optional(),
});

const exposure = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("ingress").describe("A path for each user, behind a sign-in of the ingress: /uid<UID>."),
    host: hostName.optional().describe("Default: pods.<domain>."),
    auth,
    stripPath: z
      .boolean()
      .default(true)
      .describe("Whether the pod gets requests without /uid<UID>; false for programs that know their path."),
  }),
  gatewaySchema,
  z.strictObject({
    kind: z.literal("nodePort").describe("A port of ports.window for each user, without any sign-in."),
  }),
  z.strictObject({ kind: z.literal("none").describe("Opened by kubectl port-forward.") }),
]);

/** Pods of declared users in one namespace, all made of the same containers. */
export const userPodsSchema = z.strictObject({
  namespace: dnsLabel.default("user-pods").describe("Of all pods, with their Services and claims."),
  containers: z
    .record(dnsLabel, containerSchema)
    .describe("Of each user's pod, by name. They share one network: each port once."),
  entry: dnsLabel
    .optional()
    .describe(
      "Container to whose port the Service leads. Default: the one with a port, if there is one only.",
    ),
  volumes: z.record(dnsLabel, volumeSchema).default({}).describe("Of each user's pod, by name."),
  directory: directorySchema
    .optional()
    .describe("LDAP server from which `labstead users add` and `check` take UIDs; `up` never asks it."),
  users: z.record(dnsLabel, user).default({}).describe("By name: whose pods there are."),
  activePodLimit: z
    .int("is not a whole number; write how many pods may run at once")
    .min(1, "is less than 1; write how many pods may run at once")
    .max(5000, "is more than 5000; write 5000 or less")
    .default(50)
    .describe("Pods that run at once; the quota of the namespace follows from it."),
  nodes: labels.default({}).describe("Labels of the nodes on which the pods run. Default: any node."),
  exposure: exposure.describe("How users reach their pods."),
});

export type UserPodsConfig = z.output<typeof userPodsSchema>;
export type UserConfig = z.output<typeof user>;
export type ExposureConfig = z.output<typeof exposure>;
