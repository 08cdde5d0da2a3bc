/**
 * What distinguishes each object of a chart, for snapshots: what the kit gives to every workload is held by the snapshots
 * in `test/kit/`, so that a change of the kit does not change the snapshots of every application.
 */
import { isCollection, Document, visit } from "yaml";
import type { Manifest } from "./manifests";

/** Keys that the kit sets, by the same rule for each object. */
const OF_THE_KIT: readonly string[] = [
  "apiVersion",
  "labels",
  "selector",
  "automountServiceAccountToken",
  "enableServiceLinks",
  "hostNetwork",
  "imagePullPolicy",
  "immutable",
  "setHostnameAsFQDN",
  "topologySpreadConstraints",
  "terminationGracePeriodSeconds",
  "restartPolicy",
  "dnsPolicy",
  "minReadySeconds",
  "progressDeadlineSeconds",
  "publishNotReadyAddresses",
  "externalIPs",
  "failureThreshold",
  "successThreshold",
  "timeoutSeconds",
];
/** Objects that are shorter stand on one line. */
const LINE = 150;

/** The objects as YAML, one block each, without what the kit gives to all of them. */
export function outline(manifests: readonly Manifest[]): string {
  return manifests.map(outlineOf).join("");
}

function outlineOf({ kind, metadata, ...rest }: Manifest): string {
  const { name, namespace, annotations, labels } = metadata;
  const level = labels?.["pod-security.kubernetes.io/enforce"];
  const title = `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  const document = new Document({ [title]: withoutKit({ ...(level && { level }), annotations, ...rest }) });
  visit(document, {
    Collection(key, node) {
      if (key !== null && isCollection(node) && JSON.stringify(node).length < LINE) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** JSON in a ConfigMap is shown as data. */
function withoutKit(value: unknown): unknown {
  if (typeof value === "string" && value.startsWith("{\n")) return JSON.parse(value) as unknown;
  if (Array.isArray(value)) return value.map(withoutKit);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !OF_THE_KIT.includes(key) && !isRestricted(key, inner))
      .map(([key, inner]) => [key, withoutKit(inner)]),
  );
}

/** Whether a key is a security context without any exception from Pod Security's level "restricted". */
function isRestricted(key: string, value: unknown): boolean {
  return key === "securityContext" && !/"privileged":true|"add":/.test(JSON.stringify(value));
}

/** The lines that only one of two outlines has, `-` for the first one and `+` for the second one. */
export function outlineDifference(one: string, other: string): string {
  const [first, second] = [one.split("\n"), other.split("\n")];
  return [
    ...first.filter((line) => !second.includes(line)).map((line) => `- ${line.trim()}`),
    ...second.filter((line) => !first.includes(line)).map((line) => `+ ${line.trim()}`),
  ].join("\n");
}
