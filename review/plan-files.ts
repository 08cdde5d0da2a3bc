/** What `labstead plan` writes: everything that would be made, secrets masked. */
import { renderCharts } from "../deploy/render";
import { maskValues } from "../environment/values";
import type { Lab } from "../lab";
import { diagram } from "./diagram";
import { planText } from "./plan-text";

/** Texts by file name below `out/<stack>/`. */
export function planFiles(lab: Lab): ReadonlyMap<string, string> {
  const { plan, infra, deploy, quota, findings } = lab;
  return new Map([
    ["plan.txt", planText(plan, quota, findings)],
    ["plan.json", json(plan)],
    ["diagram.mmd", diagram(plan, infra)],
    ["findings.json", json(findings)],
    ["infrastructure.json", json(infra)],
    ...[...renderCharts(deploy)].map(([chart, yaml]) => [`manifests/${chart}.yaml`, yaml] as const),
  ]);
}

function json(value: unknown): string {
  const plain: unknown = JSON.parse(JSON.stringify(value));
  return `${JSON.stringify(maskValues(plain), null, 2)}\n`;
}
