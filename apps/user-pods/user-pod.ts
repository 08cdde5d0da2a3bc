/** One user's pod: stopped when it is made, with a Service, a way in and rights of the user. */
import { ApiObject } from "cdk8s";
import type { Service } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { assertNever } from "../../errors/assert-never";
import { Controller, PodService, WebRoute, type Identity, type ServiceSpec } from "../../kit";
import { userContainer } from "./container/container";
import { identityOf, nameOf, podLabels, SERVICE_PORT, serviceLabels } from "./names";
import type { PodUserPlan, UserPodsPlan } from "./plan";
import { UserRights } from "./rights";
import type { UserVolumes } from "./volumes/volumes";

/** Ports below it need a sysctl for processes that are not root's. */
const FIRST_UNPRIVILEGED_PORT = 1024;

export class UserPod extends Construct {
  readonly controller: Controller;
  private readonly identity: Identity;

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: UserPodsPlan,
    private readonly user: PodUserPlan,
    volumes: UserVolumes,
  ) {
    super(scope, id);
    this.identity = identityOf(plan, nameOf(user), "pod");
    this.controller = this.pod(volumes);
    const service = this.service();
    this.wayIn(service);
    if (user.kubernetesUser !== undefined)
      new UserRights(this, "Rights", plan, { ...user, kubernetesUser: user.kubernetesUser });
  }

  private pod(common: UserVolumes): Controller {
    const { namespace, containers, nodes } = this.plan;
    const { volumes, fsGroup } = common.of(this, this.user);
    return new Controller(this, "Pod", {
      ...this.identity,
      namespace,
      replicas: "onDemand",
      // Two pods of a user would write the same files.
      update: "recreate",
      podLabels: podLabels(this.user.uid),
      containers: containers.map((each) => userContainer(each, this.user)),
      volumes,
      ...(fsGroup === undefined ? {} : { fsGroup }),
      groups: this.plan.strictGroups ? "strict" : "image",
      lowPorts: containers.some(({ port }) => port !== undefined && port < FIRST_UNPRIVILEGED_PORT),
      ...(Object.keys(nodes).length === 0 ? {} : { nodeSelector: nodes }),
    });
  }

  private service(): Service {
    const { namespace } = this.plan;
    const { service } = new PodService(this, "Service", {
      ...this.identity,
      namespace,
      workload: this.identity.name,
      service: this.serviceSpec(),
    });
    const { metadata } = ApiObject.of(service);
    for (const [key, value] of Object.entries(serviceLabels(this.user.uid))) metadata.addLabel(key, value);
    return service;
  }

  private serviceSpec(): ServiceSpec {
    const { exposure } = this.user;
    const port = { name: "http", port: SERVICE_PORT, targetPort: this.plan.entryPort };
    const { name } = this.identity;
    if (exposure.kind !== "nodePort") return { name, ports: [port] };
    const { nodePort } = exposure;
    return { kind: "nodePort", name, ports: [{ ...port, nodePort }], externalTrafficPolicy: "Cluster" };
  }

  private wayIn(service: Service): void {
    const { exposure } = this.user;
    switch (exposure.kind) {
      case "ingress":
        this.route(service, exposure.path, exposure.authUrl);
        return;
      case "gateway":
      case "nodePort":
      case "none":
        return;
      default:
        assertNever(exposure);
    }
  }

  private route(service: Service, path: string, url: string): void {
    const { namespace, ingress, cluster } = this.plan;
    if (ingress === undefined) throw new Error(`${this.identity.name} has a path and no host`);
    const { host, signIn, stripPath } = ingress;
    new WebRoute(this, "Route", {
      ...this.identity,
      namespace,
      className: cluster.ingress.className,
      host,
      paths: [{ path, service }],
      auth: { kind: "forward", url, ...(signIn === undefined ? {} : { signIn }) },
      stripPath,
      // Data sets are larger than what the controller should keep.
      body: { kind: "streamed" },
    });
  }
}
