/** The DataLabs services of one environment. */
import { Chart, type App } from "cdk8s";
import type { Construct } from "constructs";
import {
  addNeeds,
  commonLevel,
  NO_NEED,
  ReplicatedService,
  type ContainerSpec,
  type ListedException,
} from "../../kit";
import { namespaceLimitsOf } from "../../environment/plan/namespaces";
import { gibibytes } from "../../environment/schema/quantities";
import { LabNamespace } from "../namespace/lab-namespace";
import { containerLimitsOf, quotaOf } from "../namespace/quota";
import { InfrastructureAccess, INFRASTRUCTURE_ACCOUNT } from "./access";
import { DatalabConfigFiles } from "./config-files";
import { Database } from "./database";
import { NotebookExpiry } from "./expiry";
import { ENDPOINTS, identityOf, type EndpointKey } from "./identity";
import { infrastructureContainers } from "./infrastructure";
import { DatalabIngress } from "./ingress";
import { DatalabPolicies } from "./policies";
import { ProjectNamespaces } from "./projects";
import type { DatalabProps } from "./props";
import { DatalabSecrets } from "./secret-objects";
import { apiContainer, appContainer, authContainer, docsContainer, NODE, type Parts } from "./services";

type Options = Pick<
  ConstructorParameters<typeof ReplicatedService>[2],
  "serviceAccount" | "fsGroup" | "lowPorts"
>;

/** The DataLabs services with their namespace, database, ingress and network policies. */
export class DatalabChart extends Chart {
  /** Exceptions from the security profile and from probes, with the reasons. */
  readonly exceptions: readonly ListedException[];
  readonly labNamespace: LabNamespace;

  constructor(
    scope: Construct,
    id: string,
    readonly props: DatalabProps,
  ) {
    super(scope, id);
    const parts: Parts = {
      props,
      configs: new DatalabConfigFiles(this, "ConfigFiles", props),
      secrets: new DatalabSecrets(this, "Secrets", props),
    };
    const { replicas } = props;
    const access = new InfrastructureAccess(this, "InfrastructureAccess", props);
    new ProjectNamespaces(this, "Projects", props, access);
    const { store } = new Database(this, "Database", props, parts.secrets);
    const auth = this.service("auth", 1, [authContainer(parts)], { fsGroup: NODE.gid });
    const infrastructure = this.service(
      "infrastructureApi",
      replicas.infrastructureApi,
      infrastructureContainers(parts),
      {
        serviceAccount: INFRASTRUCTURE_ACCOUNT,
      },
    );
    const api = this.service("api", replicas.api, [apiContainer(parts)]);
    const app = this.service("app", replicas.app, [appContainer(parts)], { lowPorts: true });
    const docs = this.service("docs", 1, [docsContainer(parts)], { lowPorts: true });
    new DatalabIngress(this, "Ingress", { props, app: app.service, api: api.service, docs: docs.service });
    new DatalabPolicies(this, "Policies", props);
    const expiry = props.unusedNotebooks === undefined ? [] : [new NotebookExpiry(this, "Expiry", parts)];
    const workloads = [store, auth, infrastructure, api, app, docs, ...expiry];
    this.exceptions = workloads.flatMap(({ exceptions }) => exceptions);
    const limits = namespaceLimitsOf(props.namespaces, props.namespace);
    this.labNamespace = new LabNamespace(this, "Namespace", {
      ...identityOf(props, props.namespace, "namespace"),
      enforce: commonLevel(workloads.map(({ securityLevel }) => securityLevel)),
      need: workloads.map(({ need }) => need).reduce(addNeeds, NO_NEED),
      tenancy: props.tenancy,
      version: props.cluster.version,
      limits: containerLimitsOf(limits),
      quota: quotaOf(limits),
      claimsGiB: [gibibytes(props.database.size)],
    });
    this.labNamespace.comesFirstIn(this);
  }

  private service(
    key: Exclude<EndpointKey, "mongodb">,
    replicas: number,
    containers: readonly ContainerSpec[],
    options: Options = {},
  ): ReplicatedService {
    const { name, service } = ENDPOINTS[key];
    const { namespace } = this.props;
    return new ReplicatedService(this, name, {
      ...identityOf(this.props, name, key === "app" || key === "docs" ? "web" : "api"),
      ...options,
      namespace,
      replicas,
      containers,
      service,
    });
  }
}

export function datalabCharts(scope: App, plan: DatalabProps): void {
  new DatalabChart(scope, "datalab", plan);
}
