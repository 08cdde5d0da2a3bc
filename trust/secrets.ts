/** Generates the secrets of a plan, and binds them: charts and machine files contain only their names. */
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { assertNever } from "../errors/assert-never";
import { LIFETIMES } from "../environment/lifetimes";
import type { SecretPlan } from "../environment/plan/types";
import { certificateNames, keyPairNames } from "../environment/secrets";
import { wireGuardPublicKey, WIREGUARD_KEY_BYTES } from "./wireguard-key";
import { ValueBindings } from "../deploy/bindings";

type Entries = Readonly<Record<string, pulumi.Input<string>>>;

/** Parent component of the generated secrets. */
export class SecretsComponent extends pulumi.ComponentResource {
  constructor(options: pulumi.ComponentResourceOptions = {}) {
    // The type is part of URNs, so it keeps the name of its former room.
    super("labstead:deploy:Secrets", "secrets", {}, options);
  }
}

/**
 * Registers every secret of a plan and returns its bindings. Secrets that users provide must be set: the stack's
 * settings are checked before.
 */
export function registerSecrets(
  plans: readonly SecretPlan[],
  config: pulumi.Config,
  options: pulumi.ComponentResourceOptions = {},
): ValueBindings {
  const parent = new SecretsComponent(options);
  const secrets = plans.map((plan) => makeSecret(plan, config, parent));
  return ValueBindings.of({ secrets: Object.assign({}, ...secrets) as Entries });
}

function makeSecret(plan: SecretPlan, config: pulumi.Config, parent: pulumi.Resource): Entries {
  switch (plan.kind) {
    case "password":
      return {
        [plan.name]: new random.RandomPassword(plan.name, { length: plan.length, special: false }, { parent })
          .result,
      };
    case "keyPair":
      return keyPair(plan, parent);
    case "wireGuardKey":
      return wireGuardKey(plan.name, parent);
    case "certificate":
      return certificate(plan, parent);
    case "given":
      return { [plan.name]: config.requireSecret(plan.configKey) };
    default:
      return assertNever(plan);
  }
}

function keyPair(plan: Extract<SecretPlan, { kind: "keyPair" }>, parent: pulumi.Resource): Entries {
  const names = keyPairNames(plan.name);
  const key = new tls.PrivateKey(plan.name, { algorithm: plan.algorithm, rsaBits: plan.bits }, { parent });
  return { [names.key]: key.privateKeyPem, [names.public]: key.publicKeyPem };
}

/** Clients have its public half in their files, so it is protected. */
function wireGuardKey(name: string, parent: pulumi.Resource): Entries {
  const names = keyPairNames(name);
  const { base64 } = new random.RandomBytes(name, { length: WIREGUARD_KEY_BYTES }, { parent, protect: true });
  return { [names.key]: base64, [names.public]: base64.apply(wireGuardPublicKey) };
}

/** Self-signed: browsers warn. A lab with a trusted certificate sets it in the configuration. */
function certificate(plan: Extract<SecretPlan, { kind: "certificate" }>, parent: pulumi.Resource): Entries {
  const names = certificateNames(plan.name);
  const { days, renewalDays } = LIFETIMES.defaultCertificate;
  const key = new tls.PrivateKey(plan.name, { algorithm: "ECDSA", ecdsaCurve: "P256" }, { parent });
  const signed = new tls.SelfSignedCert(
    plan.name,
    {
      privateKeyPem: key.privateKeyPem,
      allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
      dnsNames: [...plan.hosts],
      subject: { commonName: plan.hosts[0] ?? plan.name },
      validityPeriodHours: 24 * days,
      earlyRenewalHours: 24 * renewalDays,
    },
    { parent },
  );
  return { [names.certificate]: signed.certPem, [names.key]: key.privateKeyPem };
}
