/** The inputs of ClusterReady: what may be given, and what it means. */
import { isMap, reveal, Secret, Unknown } from "../rpc";
import type { CheckFailure, PropertyMap, PropertyValue } from "../rpc";
import { KubeconfigError, parseKubeconfig } from "../kubeconfig";
import type { ClusterAccess } from "../kubeconfig";

/** How the operator's machine reaches the API; decides what an error tells to do. */
export const WAYS = ["direct", "allowlist", "tunnel", "wireguard"] as const;
export type Way = (typeof WAYS)[number];

/** Seconds that a new cluster may take: servers boot, images are pulled, kubeadm runs. */
export const DEFAULT_TIMEOUT_SECONDS = 1200;

/** Complete and known inputs. */
export interface GateInputs {
  readonly access: ClusterAccess;
  /** Empty if the program gives none. */
  readonly cluster: string;
  readonly nodes: number;
  readonly timeoutSeconds: number;
  readonly how: Way;
  /** What the program adds to an error; empty for nothing. */
  readonly hint: string;
}

const KNOWN = ["kubeconfig", "cluster", "serverName", "wants", "timeoutSeconds", "how", "hint", "triggers"];

/** Everything that is wrong with the inputs. What is not known yet is not looked at. */
export function inputFailures(inputs: PropertyMap): readonly CheckFailure[] {
  const plain = reveal(inputs);
  const unknown = Object.keys(plain)
    .filter((name) => !KNOWN.includes(name) && !name.startsWith("__"))
    .map((name) => ({
      property: name,
      reason: `ClusterReady has no such input; it has ${KNOWN.join(", ")}`,
    }));
  const wrong = Object.entries(RULES).flatMap(([property, rule]) => {
    const value = property
      .split(".")
      .reduce<PropertyValue>((at, key) => (isMap(at) ? (at[key] ?? null) : null), plain);
    const reason = value instanceof Unknown ? undefined : rule(value);
    return reason === undefined ? [] : [{ property, reason }];
  });
  return [...unknown, ...wrong];
}

/** What is wrong with a value; null stands for one that is not given. */
type Rule = (value: PropertyValue) => string | undefined;

const RULES: Readonly<Record<string, Rule>> = {
  kubeconfig: (value) => {
    if (typeof value !== "string" || value === "") return "is missing; give the contents of a kubeconfig";
    try {
      parseKubeconfig(value);
      return undefined;
    } catch (error) {
      if (error instanceof KubeconfigError) return error.message;
      throw error;
    }
  },
  cluster: optionalText,
  serverName: optionalText,
  hint: optionalText,
  how: (value) =>
    value === null || WAYS.some((way) => way === value) ? undefined : `is one of ${WAYS.join(", ")}`,
  "wants.nodes": (value) =>
    value === null || (typeof value === "number" && Number.isInteger(value) && value >= 0)
      ? undefined
      : "is a whole number of nodes, 0 or more",
  timeoutSeconds: (value) =>
    value === null || (typeof value === "number" && value > 0) ? undefined : "is a number of seconds above 0",
};

function optionalText(value: PropertyValue): string | undefined {
  return value === null || typeof value === "string" ? undefined : "is a text";
}

/** The inputs as they stand in state: the kubeconfig is secret even if the program forgot to say so. */
export function sealed(inputs: PropertyMap): PropertyMap {
  const { kubeconfig } = inputs;
  const open = kubeconfig === undefined || kubeconfig === null || kubeconfig instanceof Secret;
  return open ? inputs : { ...inputs, kubeconfig: new Secret(kubeconfig) };
}

/** @throws KubeconfigError if the kubeconfig is not one: checked inputs never do */
export function gateInputs(inputs: PropertyMap): GateInputs {
  const plain = reveal(inputs);
  const access = parseKubeconfig(text(plain["kubeconfig"]));
  const wants = plain["wants"];
  const nodes = isMap(wants) ? wants["nodes"] : undefined;
  const { timeoutSeconds } = plain;
  return {
    access: { ...access, serverName: text(plain["serverName"]) || access.serverName },
    cluster: text(plain["cluster"]),
    nodes: typeof nodes === "number" ? nodes : 0,
    timeoutSeconds: typeof timeoutSeconds === "number" ? timeoutSeconds : DEFAULT_TIMEOUT_SECONDS,
    how: WAYS.find((way) => way === plain["how"]) ?? "direct",
    hint: text(plain["hint"]),
  };
}

function text(value: PropertyValue | undefined): string {
  return typeof value === "string" ? value : "";
}
