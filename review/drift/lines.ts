/** Differences as lines of the report: what a thing is called, and what to do about it. */
import { assertNever } from "../../errors/assert-never";
import { parseEntryKey, groupKindText, type ObjectRef } from "../../provider/apply-set/entries";
import { OWNER_LABEL, type ObjectDrift } from "./objects";
import type { Difference, DriftLine } from "./report";

/** A difference in OpenStack, by the names of OpenStack's own tools. */
export type CloudLine =
  | {
      readonly change: "changed";
      readonly type: string;
      readonly name: string;
      readonly id: string;
      readonly differences: readonly Difference[];
    }
  | { readonly change: "missing"; readonly type: string; readonly name: string; readonly id: string }
  | { readonly change: "undeclared"; readonly kind: string; readonly name: string; readonly id: string };

/** What each listed kind is called, and the command that deletes one. */
const UNDECLARED: Readonly<Record<string, readonly [word: string, command: string]>> = {
  server: ["server", "openstack server delete"],
  serverGroup: ["server group", "openstack server group delete"],
  keyPair: ["key pair", "openstack keypair delete"],
  volume: ["volume", "openstack volume delete"],
  network: ["network", "openstack network delete"],
  subnet: ["subnet", "openstack subnet delete"],
  router: ["router", "openstack router delete"],
  port: ["port", "openstack port delete"],
  securityGroup: ["security group", "openstack security group delete"],
  rule: ["security group rule", "openstack security group rule delete"],
  floatingIp: ["floating IP", "openstack floating ip delete"],
  loadBalancer: ["load balancer", "openstack loadbalancer delete --cascade"],
};

/** Types whose loss is a loss of data: they are made again, empty. */
const DATA = /:(Volume|Container)$/;

/** @param stack of which the lines are */
export function cloudLine(line: CloudLine, stack: string): DriftLine {
  const { name, id, change } = line;
  const common = { side: "OpenStack", change, name, id } as const;
  switch (line.change) {
    case "changed":
      return {
        ...common,
        kind: typeWord(line.type),
        differences: line.differences,
        way: isStopped(line.differences)
          ? `stopped server: openstack server start ${id}; if it is lost: docs/lost-node.md`
          : changedWay(stack),
      };
    case "missing": {
      const lost = DATA.test(line.type) ? "; its data is lost: restore it from your copies afterwards" : "";
      const way = `missing: ${refreshCommand(stack)} makes it again${lost}`;
      return { ...common, kind: typeWord(line.type), differences: [], way };
    }
    case "undeclared": {
      const [word, command] = UNDECLARED[line.kind] ?? [line.kind, "openstack delete"];
      const way = `undeclared ${word}: write it into ${fileOf(stack)}, or: ${command} ${id}`;
      return { ...common, kind: word, differences: [], way };
    }
    default:
      return assertNever(line);
  }
}

/** Whether a server runs is nothing that `up` changes. */
function isStopped(differences: readonly Difference[]): boolean {
  return differences.some(({ field }) => field === "status");
}

/** `openstack:networking/secGroupRule:SecGroupRule` → `sec group rule` */
function typeWord(type: string): string {
  const last = type.split(":").at(-1) ?? type;
  return last.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

export function objectLine(drift: ObjectDrift, stack: string): DriftLine {
  const ref = parseEntryKey(drift.key);
  const name = ref.namespace === "" ? ref.name : `${ref.namespace}/${ref.name}`;
  const common = { side: "Kubernetes", change: drift.change, kind: groupKindText(ref), name } as const;
  switch (drift.change) {
    case "changed":
      return { ...common, differences: drift.differences, way: changedWay(stack) };
    case "missing":
      return { ...common, differences: [], way: `missing: ${refreshCommand(stack)} makes it again` };
    case "undeclared":
      return { ...common, differences: [], way: undeclaredObject(ref) };
    default:
      return assertNever(drift);
  }
}

function undeclaredObject(ref: ObjectRef): string {
  const thing = `${groupKindText(ref).toLowerCase()}/${ref.name}${ref.namespace === "" ? "" : ` -n ${ref.namespace}`}`;
  return `undeclared object: kubectl delete ${thing}, or if a person needs it: kubectl label ${thing} ${OWNER_LABEL}=<person>`;
}

function changedWay(stack: string): string {
  return `changed: write the new value into ${fileOf(stack)}, or back as declared: ${refreshCommand(stack)}`;
}

/** Without `--refresh` the engine compares with its state, which does not know what somebody did. */
function refreshCommand(stack: string): string {
  return `labstead up ${stack} -- --refresh`;
}

function fileOf(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}
