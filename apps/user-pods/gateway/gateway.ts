/** The gateway of users' pods: its program, its rights to start and stop them, and its page behind the ingress. */
import { Secret } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { secretValue } from "../../../environment/secrets";
import {
  Account,
  ConfigFile,
  json,
  metadataOf,
  ReplicatedService,
  Rights,
  WebRoute,
  type Environment,
  type Identity,
  type Mount,
  type ResourceRule,
} from "../../../kit";
import { identityOf, nameOf } from "../names";
import type { PodUserPlan, UserPodsPlan } from "../plan";
import { gatewayContainers } from "./containers";
import { GATEWAY, GATEWAY_PORTS, USERS_CONFIG } from "./names";
import type { GatewayPlan } from "./plan";
import { GatewayPolicies } from "./policies";
import { CONFIG_PATH, gatewayConfigFile, programFiles } from "./program";
import { gatewaySecrets } from "./secrets";

export class Gateway extends Construct {
  readonly workload: ReplicatedService;
  private readonly identity: Identity;

  constructor(
    scope: Construct,
    id: string,
    private readonly pods: UserPodsPlan,
    private readonly plan: GatewayPlan,
  ) {
    super(scope, id);
    this.identity = identityOf(pods, GATEWAY, GATEWAY);
    this.workload = this.server(this.account(), [...this.programs(), this.configuration()], this.secrets());
    this.users();
    this.route();
    new GatewayPolicies(this, "Policies", pods, plan);
  }

  /** May see pods, and start and stop those of declared users; nothing else. */
  private account(): string {
    const { namespace, users } = this.pods;
    const account = new Account(this, "Account", { ...this.identity, namespace });
    new Rights(this, "Rights", { ...this.identity, account, inNamespace: rulesOf(users) });
    return account.name;
  }

  private programs(): readonly Mount[] {
    return programFiles().map(({ path, name, text }): Mount => ({
      kind: "config",
      path,
      config: this.file(`${GATEWAY}-program-${name}`, `${name}.js`, text),
    }));
  }

  private configuration(): Mount {
    const content = json(gatewayConfigFile(this.plan, this.pods.namespace));
    return {
      kind: "config",
      path: CONFIG_PATH,
      config: this.file(`${GATEWAY}-config`, "gateway.json", content),
    };
  }

  /** UIDs by the name of the sign-in. */
  private users(): void {
    const entries = this.pods.users.flatMap(({ uid, exposure }) =>
      exposure.kind === "gateway" ? [[exposure.signInName, uid] as const] : [],
    );
    this.file(USERS_CONFIG, "users", json(Object.fromEntries(entries)));
  }

  private secrets(): Environment {
    const secrets = Object.entries(gatewaySecrets(this.plan.identity));
    if (secrets.length === 0) return {};
    new Secret(this, "Secret", {
      metadata: metadataOf(this.identity, this.pods.namespace),
      immutable: false,
      stringData: Object.fromEntries(secrets.map(([key, secret]) => [key, secretValue(secret).toString()])),
    });
    const secret = Secret.fromSecretName(this, "Reference", GATEWAY);
    return Object.fromEntries(secrets.map(([key]) => [key, { secret, key }]));
  }

  private server(serviceAccount: string, files: readonly Mount[], env: Environment): ReplicatedService {
    return new ReplicatedService(this, "Server", {
      ...this.identity,
      namespace: this.pods.namespace,
      replicas: 1,
      // Of two gateways each would know a part of what users do, and stop pods that are used through the other one.
      update: "recreate",
      serviceAccount,
      groups: this.pods.strictGroups ? "strict" : "image",
      containers: gatewayContainers(this.plan, files, env),
      service: { name: GATEWAY, port: 80, targetPort: GATEWAY_PORTS.http },
    });
  }

  private route(): void {
    const { namespace, cluster } = this.pods;
    new WebRoute(this, "Route", {
      ...this.identity,
      namespace,
      className: cluster.ingress.className,
      host: this.plan.host,
      paths: [{ path: "/", service: this.workload.service }],
      auth: { kind: "public", reason: "the gateway asks for a sign-in itself" },
      // Data sets are larger than what the controller should keep.
      body: { kind: "streamed" },
    });
  }

  private file(name: string, key: string, content: string): ConfigFile {
    const { namespace } = this.pods;
    return new ConfigFile(this, name, { ...this.identity, name, namespace, key, content });
  }
}

function rulesOf(users: readonly PodUserPlan[]): readonly ResourceRule[] {
  const resourceNames = users.map(nameOf);
  const onPods: readonly ResourceRule[] =
    users.length === 0
      ? []
      : [
          { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"], resourceNames },
          { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["patch"], resourceNames },
        ];
  return [
    ...onPods,
    // Which run, and why one does not come up; rights cannot name pods that are not there yet.
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    { apiGroups: [""], resources: ["configmaps"], verbs: ["get"], resourceNames: [USERS_CONFIG] },
  ];
}
