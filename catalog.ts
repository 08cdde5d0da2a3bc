/**
 * The parts of the lab: a component of the cluster or an application is a folder and a line here. In the order in which
 * their charts are registered: what others need comes first.
 */
import { datalab } from "./apps/datalab/part";
import { Environments } from "./environment/environments";
import { Catalog, type ApplicationsInput } from "./environment/parts/catalog";
import { blockStorage } from "./platform/cluster/block-storage/part";
import { clusterRoles } from "./platform/cluster/cluster-roles/part";
import { ingressEntry } from "./platform/cluster/ingress-entry/part";
import { ingressNginx } from "./platform/cluster/ingress-nginx/part";
import { people } from "./platform/cluster/people/part";
import { sharedStorage } from "./platform/cluster/shared-storage/part";
import { tenants } from "./platform/cluster/tenants/part";

export const CATALOG = new Catalog([
  clusterRoles,
  blockStorage,
  sharedStorage,
  ingressNginx,
  ingressEntry,
  people,
  tenants,
  datalab,
]);

/** Type of `apps` in an environment, as a user writes it. */
export type AppsInput = ApplicationsInput<typeof CATALOG.parts>;

/** Reads, checks and plans environments of these parts. */
export const environments = new Environments(CATALOG);
