/** What is wrong with the containers of a workload, each by itself. */
import { fieldOf, identityOf, listAt, type Manifest } from "../../deploy/manifest";
import { finding, type Finding } from "../../environment/findings";
import { limitOf, requestOf } from "../object-amounts";
import { podSpecOf } from "./pods";

const AMOUNTS = ["cpu", "memory"] as const;
/** Names of the pod itself. */
const ITSELF: readonly string[] = ["localhost", "127.0.0.1", "::1", "[::1]", "0.0.0.0"];

export function containerFindings(manifest: Manifest): readonly Finding[] {
  const pod = podSpecOf(manifest);
  const containers = [...listAt(pod, "containers"), ...listAt(pod, "initContainers")];
  return containers.flatMap((container) => [
    ...amountFindings(manifest, container),
    ...livenessFindings(manifest, container),
    ...imageFindings(manifest, container),
  ]);
}

/** Devices are not looked at: their requests equal their limits. */
function amountFindings(manifest: Manifest, container: unknown): readonly Finding[] {
  const missing = AMOUNTS.filter((name) => limitOf(container, name) === undefined);
  if (missing.length > 0)
    return [
      finding(
        "workload.no-limits",
        identityOf(manifest),
        `its container ${nameOf(container)} has no limit of ${missing.join(" and ")}, so it may take all of a node`,
        "set resources.limits",
      ),
    ];
  const equal = AMOUNTS.filter((name) => isSame(requestOf(container, name), limitOf(container, name)));
  if (equal.length === 0) return [];
  return [
    finding(
      "workload.request",
      identityOf(manifest),
      `its container ${nameOf(container)} requests as much ${equal.join(" and ")} as it may use, so that amount is kept free of others while it is idle`,
      "request less than the limit, what it needs at least",
    ),
  ];
}

/** Fractions of cores are compared as Kubernetes counts them, in thousandths: 0.3 is 300m. */
function isSame(one = 0, other = 0): boolean {
  return Math.round(one * 1000) === Math.round(other * 1000);
}

function livenessFindings(manifest: Manifest, container: unknown): readonly Finding[] {
  const probe = fieldOf(container, "livenessProbe");
  const host = probedHost(probe);
  if (host === undefined || ITSELF.includes(host)) return [];
  return [
    finding(
      "workload.liveness",
      identityOf(manifest),
      `the liveness probe of its container ${nameOf(container)} asks ${host}, so its pods are restarted when that one is away`,
      "ask the container itself, and let a readiness probe say that something else is missing",
    ),
  ];
}

/** The last part of a name may have a tag; a port of the registry is before it. */
function imageFindings(manifest: Manifest, container: unknown): readonly Finding[] {
  const image = fieldOf(container, "image");
  if (typeof image !== "string" || image.includes("@")) return [];
  const [, tag] = (image.split("/").at(-1) ?? "").split(":");
  if (tag !== undefined && tag !== "latest") return [];
  return [
    finding(
      "workload.image",
      identityOf(manifest),
      `its container ${nameOf(container)} runs ${image}, which is another image whenever its registry has a newer one`,
      "name a version or a digest",
    ),
  ];
}

/** Of a probe by HTTP or TCP that names one, or of the first URL in a command. */
function probedHost(probe: unknown): string | undefined {
  for (const kind of ["httpGet", "tcpSocket"]) {
    const host = fieldOf(probe, kind, "host");
    if (typeof host === "string") return host;
  }
  const words = listAt(probe, "exec", "command");
  const [, host] = /\bhttps?:\/\/(\[[^\]]*\]|[^\s:/?#"']+)/.exec(words.join(" ")) ?? [];
  return host;
}

function nameOf(container: unknown): string {
  const name = fieldOf(container, "name");
  return typeof name === "string" ? name : "without a name";
}
