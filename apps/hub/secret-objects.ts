/** The Secret `hub`: names here; values are bound when they are registered. */
import { Secret } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { secretValue } from "../../environment/secrets";
import { metadataOf, type Environment } from "../../kit";
import { COMPONENTS, identityOf } from "./names";
import type { HubPlan } from "./plan";
import { hubSecrets, SECRET_VARIABLES, type HubSecret } from "./secrets";

export class HubSecrets extends Construct {
  /** Variables of the hub's process. */
  readonly ofHub: Environment;
  /** Variables of the proxy's process. */
  readonly ofProxy: Environment;

  constructor(scope: Construct, id: string, plan: HubPlan) {
    super(scope, id);
    const secrets = [...hubSecrets(plan.name, plan, plan.metrics !== undefined)];
    new Secret(this, "Secret", {
      metadata: metadataOf(identityOf(plan, COMPONENTS.hub, "secret"), plan.namespace),
      immutable: false,
      stringData: Object.fromEntries(
        secrets.map(([key, secret]) => [
          key,
          (isKey(key) ? secretValue(secret).hash() : secretValue(secret)).toString(),
        ]),
      ),
    });
    const secret = Secret.fromSecretName(this, "Reference", COMPONENTS.hub);
    const variables = (keys: readonly HubSecret[]): Environment =>
      Object.fromEntries(keys.map((key) => [SECRET_VARIABLES[key], { secret, key }]));
    this.ofHub = variables(secrets.map(([key]) => key));
    this.ofProxy = variables(["proxyToken"]);
  }
}

/** JupyterHub wants 32 bytes as hexadecimal digits, and a generated password is letters and digits: its SHA-256 is. */
function isKey(key: HubSecret): boolean {
  return key === "cookieSecret" || key === "cryptKey";
}
