/** The inputs of EtcdMembers: their rules and meaning. */
import { failuresOf, oneOf, requiredText, text } from "../inputs";
import type { InputRules, Rule } from "../inputs";
import { sealedConnection } from "../machine-files/inputs";
import { connectionFailures } from "../machine-files/rules";
import { target } from "../machine-files/settings";
import type { SshTarget } from "../machine-files/ssh";
import { containsUnknown, isMap, reveal, Unknown } from "../../provider-protocol";
import type { CheckFailure, PropertyMap, PropertyValue } from "../../provider-protocol";

/** Who makes servers nodes, and removes them from etcd: the servers and this program, or others. */
export const FORMERS = ["servers", "others"] as const;
export type Former = (typeof FORMERS)[number];

/** Location of a control plane's etcd data; only data on a volume survive the deletion of its server. */
export const DATA = ["volume", "rootDisk"] as const;
export type Data = (typeof DATA)[number];

/** One control plane. */
export interface ControlPlane {
  /** Key of the server. */
  readonly key: string;
  /** Its name in the cluster, and in etcd. */
  readonly node: string;
  readonly data: Data;
  readonly ssh: SshTarget;
}

/** The control planes of a cluster at one time. Complete and known. */
export interface ControlPlanes {
  readonly cluster: string;
  readonly formedBy: Former;
  readonly all: readonly ControlPlane[];
}

const RULES: InputRules = {
  resource: "EtcdMembers",
  known: ["cluster", "formedBy", "members"],
  rules: {
    cluster: requiredText,
    formedBy: oneOf(FORMERS),
    members: (value) =>
      isMap(value)
        ? undefined
        : "is a map of control planes by key: { node, data, connection }; empty where others form the cluster",
  },
};

export function memberFailures(inputs: PropertyMap): readonly CheckFailure[] {
  const { members } = reveal(inputs);
  const each = isMap(members) ? Object.entries(members) : [];
  return [
    ...failuresOf(RULES, inputs),
    ...each.flatMap(([key, member]) =>
      member instanceof Unknown ? [] : oneFailures(`members["${key}"]`, member),
    ),
  ];
}

function oneFailures(at: string, member: PropertyValue): readonly CheckFailure[] {
  const { node, data, connection } = isMap(member) ? member : {};
  const rules: readonly (readonly [string, PropertyValue, Rule])[] = [
    ["node", node ?? null, requiredText],
    ["data", data ?? "", oneOf(DATA)],
  ];
  const wrong = rules.flatMap(([name, value, rule]) => {
    const reason = value instanceof Unknown ? undefined : rule(value);
    return reason === undefined ? [] : [{ property: `${at}.${name}`, reason }];
  });
  // The engine prints the value of the property that a failure names, even a secret one.
  const unreachable = connectionFailures("connection", connection ?? null).map(({ property, reason }) => ({
    property: "",
    reason: `${at}.${property} ${reason}`,
  }));
  return [...wrong, ...unreachable];
}

/** The inputs as stored in the state: private keys are secret even if the program does not mark them. */
export function sealedMembers(inputs: PropertyMap): PropertyMap {
  const { members } = inputs;
  if (!isMap(members)) return inputs;
  const sealed = Object.entries(members).map(([key, member]) =>
    isMap(member) ? [key, { ...member, connection: sealedConnection(member["connection"]) }] : [key, member],
  );
  return { ...inputs, members: Object.fromEntries(sealed) as PropertyMap };
}

/** Undefined for no inputs at all, and in a preview that does not know them yet. */
export function controlPlanes(inputs: PropertyMap): ControlPlanes | undefined {
  const { cluster, formedBy, members } = reveal(inputs);
  if (!isMap(members) || containsUnknown(inputs)) return undefined;
  const all = Object.entries(members).flatMap(([key, member]) =>
    isMap(member) ? [controlPlane(key, member)] : [],
  );
  // The order of a map from the engine is undefined.
  all.sort((one, other) => one.key.localeCompare(other.key, "en", { numeric: true }));
  return { cluster: text(cluster), formedBy: formedBy === "others" ? "others" : "servers", all };
}

function controlPlane(key: string, { node, data, connection }: PropertyMap): ControlPlane {
  return {
    key,
    node: text(node),
    data: data === "volume" ? "volume" : "rootDisk",
    ssh: target(isMap(connection) ? connection : {}),
  };
}
