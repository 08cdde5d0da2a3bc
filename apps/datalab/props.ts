/** What the DataLabs chart is made from: the environment's plan with everything decided. */
import type { DatalabConfig, Size } from "../../environment/config";
import { datalabHosts, type DatalabHosts } from "../../environment/hosts";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { tenancyOf, type Tenancy } from "../../environment/tenancy";
import { datalabImages, type DatalabImages } from "./images";

/** A class that users may choose for their storage, as the web client shows it. */
export interface StorageOffer {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly storageClass: string;
}

/** What the DataLabs services are made from, with everything decided. */
export interface DatalabProps {
  readonly environment: string;
  readonly namespace: string;
  readonly hosts: DatalabHosts;
  /** Domain under which users' own stacks get their names. */
  readonly domain: string;
  readonly replicas: DatalabConfig["replicas"];
  readonly images: DatalabImages;
  /** The OpenID Connect provider that people sign in with. */
  readonly auth: DatalabConfig["auth"];
  readonly database: { readonly size: Size; readonly storageClass: string };
  readonly storage: readonly StorageOffer[];
  /**
   * The infrastructure API of an owner manages namespaces throughout the cluster. A tenant's is held to its own
   * namespace, or it could reach into the owner's.
   */
  readonly tenancy: Tenancy;
  /** Where the Kubernetes API answers, before and after a Service's address is translated. */
  readonly kubernetesApi: { readonly serviceCidr: string; readonly nodeCidr: string };
}

/** Users' storage is read and written from several pods at once, which only the shared class allows. */
function storageOffers({ sharedClass }: EnvironmentPlan["cluster"]): readonly StorageOffer[] {
  if (sharedClass === undefined) return [];
  return [
    {
      // Projects keep this name of the kind of their storage, so it never changes with what is behind the class.
      key: "GLUSTERFS",
      label: "Shared files",
      description: "Files that all notebooks and sites of a project can read and write at the same time.",
      storageClass: sharedClass,
    },
  ];
}

/** Undefined where the environment runs no DataLabs. */
export function datalabProps(plan: EnvironmentPlan): DatalabProps | undefined {
  const { config } = plan;
  const { datalab } = config.apps;
  const hosts = datalabHosts(config);
  if (datalab === undefined || hosts === undefined) return undefined;
  return {
    environment: plan.environment,
    namespace: datalab.namespace,
    hosts,
    domain: config.domain,
    replicas: datalab.replicas,
    images: datalabImages(datalab.imageTags),
    auth: datalab.auth,
    database: {
      size: datalab.storage.databaseSize,
      storageClass: datalab.storage.databaseClass ?? plan.cluster.blockClass,
    },
    storage: storageOffers(plan.cluster),
    tenancy: tenancyOf(plan),
    kubernetesApi: { serviceCidr: plan.cluster.serviceCidr, nodeCidr: plan.network.cidr },
  };
}
