/** Reads what a stack declares from the services of a project, and all that the project has. */
import type { PlainMap } from "../../provider-protocol";
import { inParallel } from "../../provider-protocol/parallel";
import { RealOpenStack } from "../resources/store";
import type { Service, Session } from "../session";
import { compareCloud, isCompared, resourceKey } from "./compare";
import type { CloudComparison, DeclaredResource } from "./compare";
import { listProject } from "./listing";
import type { Unread } from "./listing";
import type { KnownThings } from "./undeclared";

/** What is known of a project before it is looked at. */
export interface CloudQuestion extends Omit<KnownThings, "declared"> {
  readonly declared: readonly DeclaredResource[];
}

export interface CloudAnswer extends CloudComparison {
  readonly unread: readonly Unread[];
}

/** Requests at once. */
const READS = 8;

/** @throws Error if nobody can log in */
export async function cloudDrift(session: Session, question: CloudQuestion): Promise<CloudAnswer> {
  const { declared, ...known } = question;
  const { listing, unread } = await listProject(session);
  const silent = new Map(unread.map(({ service, why }) => [service, why]));
  const found = new Map<string, PlainMap | undefined>();
  const store = new RealOpenStack(session);
  const reading = async (resource: DeclaredResource): Promise<void> => {
    const service = serviceOf(resource);
    if (silent.has(service)) return;
    try {
      found.set(resourceKey(resource), (await store.read(resource.type, resource.id))?.inputs);
    } catch (error) {
      silent.set(service, error instanceof Error ? error.message : String(error));
    }
  };
  await inParallel(declared.filter(isCompared), READS, reading);
  const comparison = compareCloud(declared, { found, listing }, known);
  return { ...comparison, unread: [...silent].map(([service, why]) => ({ service, why })) };
}

/** By the module of the type's token: `openstack:networking/port:Port`. */
const SERVICES: Readonly<Record<string, Service>> = {
  blockstorage: "volume",
  compute: "compute",
  identity: "identity",
  loadbalancer: "loadBalancer",
  networking: "network",
  objectstorage: "objectStore",
};

function serviceOf({ type }: DeclaredResource): Service {
  return SERVICES[/^openstack:(\w+)\//.exec(type)?.[1] ?? ""] ?? "compute";
}
