/** For each key of a tenant's configuration a change of it alone: most are those of an owner. */
import { environmentOf, stackFiles, type Json } from "../configs";
import { set, type Cases } from "./case";
import { namespaceCases } from "./namespace-cases";
import { OWNER_CASES } from "./owner-cases";

/** What belongs to its owner, by the beginning of the keys. */
const OWNERS: readonly (readonly [keys: string, refused: string])[] = [
  ["edge.kind", 'edge.kind: "octavia" has no addresses among those that lab opened its NodePorts to'],
  ["edge.on", 'edge.on: "gateway" belongs to the owner'],
  ["ingress.http", "is not the NodePort that lab opened"],
  ["ports.published", "a tenant publishes through its ingress and its window only"],
  ["ports.internal", "internal NodePorts are the owner's"],
];

const BALANCERS = "servers.loadBalancer";
const WINDOW = { "ports.window": { from: 30056, to: 30058 } };

const OWN: Cases = {
  ...namespaceCases("testlab"),
  "cluster.kind": { change: {}, whole: environmentOf(stackFiles().get("existing-cluster") ?? {}) as Json },
  ...set("cluster.owner", "other"),
  ...set("image", "debian-13", { image: "debian-12" }),
  ...set(`${BALANCERS}.min`, 2),
  [`${BALANCERS}.removed`]: {
    on: { [`${BALANCERS}.min`]: 2 },
    change: { [`${BALANCERS}.min`]: 3, [`${BALANCERS}.removed`]: [1] },
  },
  ...set("ports.window.from", 30057, WINDOW),
  ...set("ports.window.to", 30059, WINDOW),
  ...set("ports.window.open", ["198.51.100.0/24"], WINDOW),
};

/** @param keys of a tenant */
export function tenantCases(keys: readonly string[]): Cases {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const found = OWN[key] ?? OWNER_CASES[key];
      const [, refused] = OWNERS.find(([keysOf]) => key.startsWith(keysOf)) ?? [];
      if (found === undefined) return [];
      return [[key, refused === undefined ? found : { ...found, refused }] as const];
    }),
  );
}
