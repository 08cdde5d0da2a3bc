/** Volumes of servers by pool and name, the classes and claims of the cluster, and object containers. */
import { fieldOf } from "../../../deploy/manifest";
import type { PlannedObject } from "../../../deploy/plan";
import type { VolumePlan } from "../../../environment/plan/types";
import { useText } from "../../volume-use";
import { grouped } from "../../grouped";
import { countedText, link, monthText, placeOf, type ReportInput } from "../context";
import { textOf } from "../cluster-objects";
import { ids } from "../ids";
import type { Fact, Row, Section, Thing } from "../types";

export function storageSection(input: ReportInput): Section {
  const { plan, deploy } = input.lab;
  const pools = new Map(plan.servers.map(({ key, pool }) => [key, pool]));
  const volumes = grouped(
    plan.volumes,
    ({ key, server }) => `${pools.get(server) ?? server}\n${lastOf(key)}`,
  );
  const objects = grouped(deploy.objects, ({ manifest }) => manifest.kind);
  const claims = grouped(objects.get("PersistentVolumeClaim") ?? [], classOf);
  return {
    id: "storage",
    title: "Storage",
    columns: ["what", "size", "cost"],
    things: [
      ...[...volumes].map(([key, each]) => volumeThing(key.split("\n")[0] ?? "", each, input)),
      ...(objects.get("StorageClass") ?? []).map((object) => classThing(object, claims, input)),
      ...plan.containers.map((container) => containerThing(container, input)),
    ],
  };
}

function lastOf(key: string): string {
  return key.split("/").at(-1) ?? key;
}

function volumeThing(pool: string, volumes: readonly VolumePlan[], input: ReportInput): Thing {
  const { plan } = input.lab;
  const name = lastOf(volumes[0]?.key ?? "");
  const gib = volumes.reduce((total, { sizeGiB }) => total + sizeGiB, 0);
  const sizes = countedText(volumes.map(({ sizeGiB }) => `${String(sizeGiB)} GiB`));
  const cost = monthText(
    plan,
    volumes.map(({ volumeType, sizeGiB }) => [{ kind: "volume", volumeType }, sizeGiB] as const),
  );
  const fact = (label: string, texts: readonly string[]): Fact => ({ label, value: [countedText(texts)] });
  return {
    id: ids.volume(pool, name),
    what: "volumes of servers",
    title: `${pool}: ${name}`,
    summary: [[`${String(volumes.length)} Cinder volumes`], [`${String(gib)} GiB`], [cost]],
    facts: [
      { label: "servers", value: [link(pool, ids.pool(pool))] },
      { label: "size", value: [`${sizes} each, ${String(gib)} GiB together`] },
      fact(
        "volume type",
        volumes.map(({ volumeType }) => volumeType ?? "default of the cloud"),
      ),
      fact(
        "zone",
        volumes.map(({ availabilityZone }) => availabilityZone ?? "any"),
      ),
      fact(
        "use",
        volumes.map(({ use }) => useText(use)),
      ),
      fact(
        "deletion",
        volumes.map(({ protect }) => (protect ? "protected" : "not protected")),
      ),
    ],
    places: [placeOf(input, `${settingsOf(volumes[0]?.server, input)}.volumes.${name}`)],
    reached: [],
    cost,
    tables: [
      {
        title: "Volumes",
        columns: ["name", "size"],
        rows: volumes.map((volume): Row => ({ cells: [[volume.name], [`${String(volume.sizeGiB)} GiB`]] })),
      },
    ],
  };
}

function settingsOf(server: string | undefined, { lab }: ReportInput): string {
  return lab.plan.settings.find((each) => each.server === server)?.path ?? "servers";
}

function classOf({ manifest }: PlannedObject): string {
  const name = fieldOf(manifest, "spec", "storageClassName");
  return typeof name === "string" ? name : "";
}

function classThing(
  { manifest, chart }: PlannedObject,
  claims: ReadonlyMap<string, readonly PlannedObject[]>,
  input: ReportInput,
): Thing {
  const { name } = manifest.metadata;
  const rows = (claims.get(name) ?? []).map(claimRow);
  const text = (field: string): string => textOf(fieldOf(manifest, field)) || "default";
  const shared = name === input.lab.plan.cluster.sharedClass;
  return {
    id: ids.storageClass(name),
    what: "storage class",
    title: name,
    summary: [[text("provisioner")], [`${String(rows.length)} claims of the lab's own`], ["by its claims"]],
    facts: [
      { label: "provisioner", value: [text("provisioner")] },
      { label: "when a claim is deleted", value: [text("reclaimPolicy")] },
      {
        label: "volumes can grow",
        value: [fieldOf(manifest, "allowVolumeExpansion") === true ? "yes" : "no"],
      },
      { label: "part", value: [input.partOf(chart).title] },
    ],
    places: [placeOf(input, shared ? "storage.shared" : "storage.block")],
    reached: [],
    tables: rows.length === 0 ? [] : [{ title: "Claims", columns: ["name", "namespace", "size"], rows }],
  };
}

function claimRow({ manifest }: PlannedObject): Row {
  const { name, namespace = "" } = manifest.metadata;
  const size = fieldOf(manifest, "spec", "resources", "requests", "storage");
  return { cells: [[name], [link(namespace, ids.namespace(namespace))], [textOf(size)]] };
}

function containerThing(
  { key, name, purpose, versioning }: ReportInput["lab"]["plan"]["containers"][number],
  input: ReportInput,
): Thing {
  return {
    id: ids.container(key),
    what: "object container",
    title: name,
    summary: [["object container"], ["as stored"], ["by what is stored"]],
    facts: [
      { label: "purpose", value: [purpose] },
      { label: "versioning", value: [versioning ? "yes" : "no"] },
    ],
    places: [placeOf(input, `containers.${key}`)],
    reached: [],
    cost: "how much will be stored in it is not planned",
    tables: [],
  };
}
