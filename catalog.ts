/**
 * The parts of the lab: a component of the cluster or an application is a folder and a line here. Their charts are
 * registered by stage (`environment/parts/stages.ts`), and in this order within a stage.
 */
import { datalab } from "./apps/datalab/part";
import { hub } from "./apps/hub/part";
import { projects } from "./apps/projects/part";
import { userPods } from "./apps/user-pods/part";
import { Environments } from "./environment/environments";
import { Catalog, type ApplicationsInput } from "./environment/parts/catalog";
import { admissionRules } from "./platform/cluster/admission-rules/part";
import { blockStorage } from "./platform/cluster/block-storage/part";
import { calico } from "./platform/cluster/calico/part";
import { cinderCsi } from "./platform/cluster/cinder-csi/part";
import { cloudController } from "./platform/cluster/cloud-controller/part";
import { clusterRoles } from "./platform/cluster/cluster-roles/part";
import { failedPods } from "./platform/cluster/failed-pods/part";
import { flannel } from "./platform/cluster/flannel/part";
import { ingress } from "./platform/cluster/ingress/part";
import { ingressEntry } from "./platform/cluster/ingress-entry/part";
import { ingressNginx } from "./platform/cluster/ingress-nginx/part";
import { kubeNetworkPolicies } from "./platform/cluster/kube-network-policies/part";
import { kubeRouter } from "./platform/cluster/kube-router/part";
import { metallb } from "./platform/cluster/metallb/part";
import { people } from "./platform/cluster/people/part";
import { sharedStorage } from "./platform/cluster/shared-storage/part";
import { storageAliases } from "./platform/cluster/storage-aliases/part";
import { tenants } from "./platform/cluster/tenants/part";
import { traefik } from "./platform/cluster/traefik/part";
import { weave } from "./platform/cluster/weave/part";

export const CATALOG = new Catalog([
  calico,
  kubeRouter,
  flannel,
  kubeNetworkPolicies,
  weave,
  clusterRoles,
  cloudController,
  metallb,
  cinderCsi,
  admissionRules,
  blockStorage,
  sharedStorage,
  storageAliases,
  failedPods,
  ingress,
  ingressNginx,
  traefik,
  ingressEntry,
  people,
  tenants,
  datalab,
  hub,
  userPods,
  projects,
]);

/** Type of `apps` in an environment, as a user writes it. */
export type AppsInput = ApplicationsInput<typeof CATALOG.parts>;

/** Reads, checks and plans environments of these parts. */
export const environments = new Environments(CATALOG);
