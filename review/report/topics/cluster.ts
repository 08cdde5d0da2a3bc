/** Namespaces with what runs in them and who may connect, and the parts whose objects they hold. */
import { fieldOf, isJsonObject } from "../../../deploy/manifest";
import type { PlannedObject } from "../../../deploy/plan";
import { objectBillables } from "../../cost/billable";
import { hostRoutes, namespaceOf, nodePorts, policies, workload } from "../cluster-objects";
import { grouped } from "../../grouped";
import {
  countedText,
  distinct,
  joined,
  link,
  monthText,
  placeOf,
  type PartName,
  type ReportInput,
} from "../context";
import { ids } from "../ids";
import type { Fact, Place, Row, Section, Step, Table, Thing } from "../types";

export function namespaceSection(input: ReportInput): Section {
  const namespaces = grouped(input.lab.deploy.objects.filter(inNamespace), namespaceOf);
  return {
    id: "namespaces",
    title: "Namespaces",
    columns: ["of", "workloads", "hosts", "cost"],
    things: [...namespaces].map(([name, objects]) => namespaceThing(name, objects, input)),
  };
}

/** A Namespace object is in the group of those inside it, also where there are none. */
function inNamespace({ manifest }: PlannedObject): boolean {
  return manifest.metadata.namespace !== undefined || manifest.kind === "Namespace";
}

function namespaceThing(name: string, objects: readonly PlannedObject[], input: ReportInput): Thing {
  const parts = partsOf(objects, input);
  const inside = describe(objects, input);
  const links = joined(parts.map(({ key, title }) => link(title, ids.application(key))));
  return {
    id: ids.namespace(name),
    what: "namespace",
    title: name,
    summary: [links, [String(inside.workloads)], [inside.hosts], [inside.volumes]],
    facts: [{ label: "parts", value: links }, ...quotaFacts(objects), ...inside.facts],
    places: [placeOf(input, `namespaces.${name}`), ...parts.flatMap((part) => partPlaces(part, input))],
    reached: inside.reached,
    cost: inside.volumes || "nothing beside its nodes",
    tables: inside.tables,
  };
}

/** Applications first: they are what the lab is for. */
export function applicationSection(input: ReportInput): Section {
  const parts = grouped(input.lab.deploy.objects, ({ chart }) => input.partOf(chart).key);
  const things = [...parts].map(([, objects]) =>
    partThing(input.partOf(objects[0]?.chart ?? ""), objects, input),
  );
  const applications = things.filter(({ what }) => what === APPLICATION);
  return {
    id: "applications",
    title: "Applications",
    columns: ["what", "workloads", "hosts", "cost"],
    things: [...applications, ...things.filter((each) => !applications.includes(each))],
  };
}

const APPLICATION = "application";

function partThing(part: PartName, objects: readonly PlannedObject[], input: ReportInput): Thing {
  const { key, title, isApplication } = part;
  const inside = describe(objects, input);
  const what = isApplication ? APPLICATION : "component of the cluster";
  const namespaces = distinct(objects.map(namespaceOf).filter((name) => name !== ""));
  return {
    id: ids.application(key),
    what,
    title,
    summary: [[what], [String(inside.workloads)], [inside.hosts], [inside.volumes]],
    facts: [
      { label: "namespaces", value: joined(namespaces.map((name) => link(name, ids.namespace(name)))) },
      ...inside.facts,
      ...seatFacts(key, input),
    ],
    places: partPlaces(part, input),
    reached: inside.reached,
    cost: inside.volumes || "nothing beside its nodes",
    tables: inside.tables,
  };
}

function partsOf(objects: readonly PlannedObject[], { partOf }: ReportInput): readonly PartName[] {
  const parts = objects.map(({ chart }) => partOf(chart));
  return [...new Map(parts.map((part) => [part.key, part])).values()];
}

function partPlaces({ key, isApplication }: PartName, input: ReportInput): readonly Place[] {
  return isApplication ? [placeOf(input, `apps.${key}`)] : [];
}

/** What an application starts for people. */
function seatFacts(key: string, { lab }: ReportInput): readonly Fact[] {
  const seats = lab.plan.seats.filter(({ path }) => path.startsWith(`apps.${key}.`));
  return seats.length === 0
    ? []
    : [{ label: "starts for people", value: [seats.map(({ name }) => name).join(", ")] }];
}

interface Inside {
  readonly workloads: number;
  readonly hosts: string;
  /** What its claims cost; empty without any. */
  readonly volumes: string;
  readonly facts: readonly Fact[];
  readonly reached: readonly Step[];
  readonly tables: readonly Table[];
}

function describe(objects: readonly PlannedObject[], { lab }: ReportInput): Inside {
  const workloads = objects.flatMap(workload);
  const hosts = distinct(objects.flatMap(hostRoutes).map(({ host }) => host));
  const items = objects.flatMap((object) => objectBillables(object, lab.plan, () => true).items);
  const images = distinct(workloads.flatMap((each) => each.images));
  return {
    workloads: workloads.length,
    hosts: hosts.length > 3 ? `${String(hosts.length)} hosts` : hosts.join(", "),
    volumes:
      items.length === 0
        ? ""
        : monthText(
            lab.plan,
            items.map(({ priced, amount }) => [priced, amount]),
          ),
    facts: [
      { label: "objects", value: [countedText(objects.map(({ manifest }) => manifest.kind))] },
      ...(images.length === 0 ? [] : [{ label: "images", value: [images.join(", ")] }]),
    ],
    reached: reachedBy(objects),
    tables: workloads.length === 0 ? [] : [workloadTable(objects)],
  };
}

function workloadTable(objects: readonly PlannedObject[]): Table {
  return {
    title: "Workloads",
    columns: ["name", "kind", "pods"],
    rows: objects.flatMap((object) =>
      workload(object).map(({ kind, name, replicas }): Row => ({ cells: [[name], [kind], [replicas]] })),
    ),
  };
}

function reachedBy(objects: readonly PlannedObject[]): readonly Step[] {
  const hosts = objects
    .flatMap(hostRoutes)
    .map(({ host, path, service }) => [`${host}${path} to ${service}`]);
  const ports = objects
    .flatMap(nodePorts)
    .map(({ port, service }) => [`NodePort ${String(port)} of ${service}`]);
  const allowed = objects
    .flatMap(policies)
    .map(({ name, pods, from }) => [`${name}: pods ${pods} from ${from}`]);
  return [
    { title: "hosts of the ingress controller", lines: hosts },
    { title: "NodePorts", lines: ports },
    { title: "network policies between pods", lines: allowed },
  ].filter(({ lines }) => lines.length > 0);
}

function quotaFacts(objects: readonly PlannedObject[]): readonly Fact[] {
  return objects
    .filter(({ manifest }) => manifest.kind === "ResourceQuota")
    .map(({ manifest }) => {
      const hard = fieldOf(manifest, "spec", "hard");
      const limits = isJsonObject(hard)
        ? Object.entries(hard).map(([name, value]) => `${name} ${String(value)}`)
        : [];
      return { label: "quota", value: [limits.join(", ")] };
    });
}
