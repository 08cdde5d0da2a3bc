/** The DataLabs services as a part of the lab: all that the environment needs to know of them. */
import { isTenant } from "../../environment/config";
import { finding, type Finding } from "../../environment/findings";
import { kubernetesMinor } from "../../environment/kubernetes-version";
import type { Claims } from "../../environment/parts/claims";
import { claimedImages } from "../../environment/parts/images";
import { application, type ApplicationContext } from "../../environment/parts/part";
import type * as Charts from "./chart";
import { datalabClusterRoles } from "./cluster-roles";
import { datalabSchema, type DatalabConfig } from "./configuration";
import { DATALAB_EFFECTS } from "./effects";
import { datalabFlows, expiryFlows } from "./flows";
import { datalabHosts } from "./hosts";
import { DATALAB_IMAGES, datalabImages } from "./images";
import { madeNamespaces, PROJECT_LEVEL } from "./project-names";
import { datalabProps } from "./props";
import { DATALAB_SECRETS } from "./secrets";
import { stackImages } from "./stack-images";

export const datalab = application({
  key: "datalab",
  title: "the DataLabs stack",
  schema: datalabSchema,
  effects: DATALAB_EFFECTS,
  images: DATALAB_IMAGES,
  usersImages: stackImages(),
  clusterRoles: datalabClusterRoles,
  claims,
  check,
  plan: datalabProps,
  charts: () => (require("./chart") as typeof Charts).datalabCharts,
});

function claims({ config, environment, at }: ApplicationContext<DatalabConfig>): Claims {
  const hosts = datalabHosts(config.host, !isTenant(environment));
  const secrets = Object.values(DATALAB_SECRETS);
  return {
    namespaces: [
      { path: at("namespace"), name: config.namespace, level: "restricted" },
      ...madeNamespaces(config).map(({ key, name }) => ({
        path: at(`projects.${key}`),
        name,
        level: PROJECT_LEVEL,
      })),
    ],
    hosts: [
      { path: at("host"), host: hosts.lab, paths: ["/", "/api"] },
      { path: at("host"), host: hosts.docs, paths: ["/"] },
      { path: at("host"), host: hosts.catalogue, paths: ["/"] },
    ],
    secrets: secrets.map((secret) => ({ path: at(), secret })),
    policies: [{ path: at(), reliance: "the DataLabs stack relies on them" }],
    flows: [
      ...datalabFlows(config.namespace),
      ...(config.unusedNotebooks === undefined ? [] : expiryFlows(config.namespace)),
    ],
    images: claimedImages(datalabImages(config.imageTags), at()),
  };
}

function check(context: ApplicationContext<DatalabConfig>): readonly Finding[] {
  return [...checkSidecars(context), ...checkListed(context)];
}

/** Minor version since which a helper of a job ends with it. */
const SIDECARS_SINCE = 29;

function checkSidecars({ config, environment, at }: ApplicationContext<DatalabConfig>): readonly Finding[] {
  if (config.unusedNotebooks === undefined || isTenant(environment)) return [];
  const { version } = environment.cluster;
  if (kubernetesMinor(version) >= SIDECARS_SINCE) return [];
  return [
    finding(
      "application.kubernetes",
      at("unusedNotebooks"),
      `needs sidecars that end with their job, and Kubernetes ${version} has none`,
      `take Kubernetes 1.${String(SIDECARS_SINCE)} or newer, or leave it out`,
    ),
  ];
}

function checkListed({ config, at }: ApplicationContext<DatalabConfig>): readonly Finding[] {
  if (Object.keys(config.projects).length > 0) return [];
  return [
    finding(
      "application.projects",
      at("projects"),
      `lists no project, so the infrastructure API may create nothing outside the namespace ${config.namespace}`,
      "list each project that exists, as <key>: {namespaces: existing}, and each new one as <key>: {}",
    ),
  ];
}
