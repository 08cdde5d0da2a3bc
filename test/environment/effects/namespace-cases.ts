/** For each key of `namespaces` a change of it alone. */
import { below, type Cases } from "./case";

const AMOUNTS = { cpu: "10", memory: "20Gi", ephemeralStorage: "300Gi" };

function amounts(path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(AMOUNTS).map(([key, amount]) => [`${path}.${key}`, amount]));
}

/** @param namespace that the environment creates */
export function namespaceCases(namespace: string): Cases {
  const path = `namespaces.${namespace}`;
  return {
    "namespaces.<namespace>": { change: { [`${path}.pods`]: 60 } },
    ...below(
      { table: "namespaces.<namespace>", path },
      {
        ...{ pods: 60, claims: 60, storage: "3Ti", largestClaim: "2Ti" },
        ...amounts("requests"),
        ...amounts("limits"),
        ...amounts("containers.requests"),
        ...amounts("containers.limits"),
      },
      { [path]: {} },
    ),
  };
}
