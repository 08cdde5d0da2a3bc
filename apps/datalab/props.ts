/** Props of the DataLabs chart, from the environment's plan. */
import type { Flow } from "../../environment/parts/flows";
import type { PinnedImages } from "../../environment/parts/images";
import type { ApplicationContext } from "../../environment/parts/part";
import type { EnvironmentPlan, IngressControllerPlan, Size } from "../../environment/plan/types";
import type { Tenancy } from "../../environment/tenancy";
import type { PolicyNetworks } from "../../kit";
import type { DatalabComponent, DatalabConfig } from "./configuration";
import { datalabHosts, type DatalabHosts } from "./hosts";
import { datalabImages } from "./images";

/** A class that users may choose for their storage, as the web client shows it. */
export interface StorageOffer {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly storageClass: string;
}

/** Complete props of the DataLabs services. */
export interface DatalabProps {
  readonly environment: string;
  readonly namespace: string;
  readonly hosts: DatalabHosts;
  /** Domain of users' own stacks. */
  readonly domain: string;
  readonly replicas: DatalabConfig["replicas"];
  readonly images: PinnedImages<DatalabComponent>;
  /** The OpenID Connect provider for signing in. */
  readonly auth: DatalabConfig["auth"];
  readonly database: { readonly size: Size; readonly storageClass: string };
  readonly storage: readonly StorageOffer[];
  /** Projects in whose namespaces the infrastructure API works, by key. */
  readonly projects: DatalabConfig["projects"];
  /** After how many days notebooks that nobody opens are stopped; undefined: never. */
  readonly unusedNotebooks?: DatalabConfig["unusedNotebooks"];
  /** Decides who creates namespaces. */
  readonly tenancy: Tenancy;
  /** Network flows of the whole environment. */
  readonly flows: readonly Flow[];
  readonly cluster: PolicyNetworks & {
    readonly version: string;
    readonly ingress: Pick<IngressControllerPlan, "className">;
  };
  /** What namespaces may use, of those that the configuration mentions. */
  readonly namespaces: EnvironmentPlan["namespaces"];
}

/** Several pods read and write users' storage at once, which only the shared class allows. */
function storageOffers({ sharedClass }: EnvironmentPlan["cluster"]): readonly StorageOffer[] {
  if (sharedClass === undefined) return [];
  return [
    {
      // Projects store this name of their storage type, so it does not change with the implementation of the class.
      key: "GLUSTERFS",
      label: "Shared files",
      description: "Files that all notebooks and sites of a project can read and write at the same time.",
      storageClass: sharedClass,
    },
  ];
}

export function datalabProps(
  { config }: ApplicationContext<DatalabConfig>,
  plan: EnvironmentPlan,
): DatalabProps {
  const { namespace, host, replicas, imageTags, auth, storage, projects, unusedNotebooks } = config;
  return {
    environment: plan.environment,
    namespace,
    hosts: datalabHosts(host, plan.cluster.kind !== "shared"),
    domain: plan.domain,
    replicas,
    images: datalabImages(imageTags),
    auth,
    database: {
      size: storage.databaseSize,
      storageClass: storage.databaseClass ?? plan.cluster.blockClass,
    },
    storage: storageOffers(plan.cluster),
    projects,
    ...(unusedNotebooks === undefined ? {} : { unusedNotebooks }),
    tenancy: plan.tenancy,
    flows: plan.flows,
    cluster: plan.cluster,
    namespaces: plan.namespaces,
  };
}
