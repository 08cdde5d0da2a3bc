/** The inputs of ServerReady: their rules and meaning. */
import { isMap, reveal } from "../../provider-protocol";
import type { CheckFailure, PropertyMap } from "../../provider-protocol";
import {
  failuresOf,
  kubeconfigRule,
  oneOf,
  optionalSeconds,
  optionalText,
  requiredText,
  text,
  apiRouteRule,
} from "../inputs";
import type { InputRules } from "../inputs";
import { parseKubeconfig } from "../kubernetes-api/kubeconfig";
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import { API_ROUTES } from "../kubernetes-api/api-route";
import type { ApiRoute } from "../kubernetes-api/api-route";

export const SERVER_KINDS = ["server", "node"] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

/** What a gate waits for once its server exists. */
export const AWAITED = ["nothing", "ready"] as const;
export type Awaited = (typeof AWAITED)[number];

/** Seconds for draining a node: pods end in their grace period, budgets release others one by one. */
export const DRAIN_SECONDS = 900;

/**
 * Seconds that a new server may take to become a Ready node: it boots, installs packages, joins, pulls its network
 * plugin's images.
 */
export const READY_SECONDS = 900;

/** Inputs of the query to a node's cluster. Complete and known. */
export interface NodeInputs {
  readonly access: ClusterAccess;
  readonly cluster: string;
  readonly node: string;
  readonly serverId: string;
  readonly awaits: Awaited;
  readonly drainSeconds: number;
  readonly readySeconds: number;
  readonly how: ApiRoute;
}

const BY_KIND: Readonly<Record<ServerKind, InputRules>> = {
  server: {
    resource: "ServerReady of a server",
    known: ["kind", "serverId"],
    rules: { kind: oneOf(SERVER_KINDS), serverId: requiredText },
  },
  node: {
    resource: "ServerReady of a node",
    known: [
      "kind",
      "serverId",
      "node",
      "kubeconfig",
      "cluster",
      "awaits",
      "drainSeconds",
      "readySeconds",
      "how",
    ],
    rules: {
      kind: oneOf(SERVER_KINDS),
      serverId: requiredText,
      node: requiredText,
      kubeconfig: kubeconfigRule,
      cluster: optionalText,
      awaits: oneOf(AWAITED),
      drainSeconds: optionalSeconds,
      readySeconds: optionalSeconds,
      how: apiRouteRule,
    },
  },
};

export function serverFailures(inputs: PropertyMap): readonly CheckFailure[] {
  const kind = SERVER_KINDS.find((each) => each === inputs["kind"]);
  if (kind === undefined) return [{ property: "kind", reason: `is one of ${SERVER_KINDS.join(", ")}` }];
  return failuresOf(BY_KIND[kind], inputs);
}

/**
 * The query to the cluster; undefined for a server that is not a node.
 * @throws KubeconfigError if the kubeconfig is not one: checked inputs never do
 */
export function nodeInputs(inputs: PropertyMap): NodeInputs | undefined {
  const plain = reveal(inputs);
  if (!isMap(plain) || plain["kind"] !== "node") return undefined;
  return {
    access: parseKubeconfig(text(plain["kubeconfig"])),
    cluster: text(plain["cluster"]),
    node: text(plain["node"]),
    serverId: text(plain["serverId"]),
    awaits: AWAITED.find((each) => each === plain["awaits"]) ?? "nothing",
    drainSeconds: numberOr(plain["drainSeconds"], DRAIN_SECONDS),
    readySeconds: numberOr(plain["readySeconds"], READY_SECONDS),
    how: API_ROUTES.find((route) => route === plain["how"]) ?? "direct",
  };
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
