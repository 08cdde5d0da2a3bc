/** The files that `labstead plan` writes: everything that would be created, secrets masked. */
import { renderCharts } from "../deploy/render";
import { maskText, maskValues } from "../values";
import type { Lab } from "../lab";
import { diagram } from "./diagram";
import { planText } from "./plan-text";

/** Texts by file name below `out/<stack>/`. */
export function planFiles(lab: Lab): ReadonlyMap<string, string> {
  const { plan, infra, deploy, quota, findings, accepted } = lab;
  return new Map([
    ["plan.txt", planText({ plan, quota, findings, accepted })],
    ["plan.json", json(plan)],
    ["diagram.mmd", diagram(plan, infra)],
    ["findings.json", json(findings)],
    ...(accepted.length === 0 ? [] : [["accepted-findings.json", json(accepted)] as const]),
    ["infrastructure.json", json(infra)],
    ...userDataFiles(lab),
    ...pushedFiles(lab),
    ...[...renderCharts(deploy)].map(([chart, yaml]) => [`manifests/${chart}.yaml`, yaml] as const),
  ]);
}

/** User data of each server, readable: it is compressed when it is registered. */
function userDataFiles({ plan, infra }: Lab): readonly (readonly [string, string])[] {
  const described = new Map(infra.map((each) => [each.key, each]));
  return plan.servers.flatMap(({ key, name }) => {
    const inputs = described.get(`server/${key}`)?.inputs;
    const text = inputs !== undefined && "userData" in inputs ? inputs.userData : undefined;
    return typeof text === "string" ? [[`user-data/${name}.yaml`, maskText(text)] as const] : [];
  });
}

/** Files that are pushed to each server over SSH, below `pushed/<server>/` by their paths there. */
function pushedFiles({ plan, machines }: Lab): readonly (readonly [string, string])[] {
  return plan.servers.flatMap(({ key, name }) =>
    (machines.get(key)?.files ?? []).flatMap(({ delivery, path, content }) =>
      delivery.kind === "sealed" ? [[`pushed/${name}${path}`, maskText(content)] as const] : [],
    ),
  );
}

function json(value: unknown): string {
  const plain: unknown = JSON.parse(JSON.stringify(value));
  return `${JSON.stringify(maskValues(plain), null, 2)}\n`;
}
