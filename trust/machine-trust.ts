/**
 * How machines and the program know each other over SSH before they have met: each server boots with a host key made
 * here, and lets in the key that files are pushed with.
 */
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { machineValues } from "../environment/machine-values";
import { referenceKey, type NamedValue } from "../values";

/** Characters of the salt: more than anyone can try. */
const SALT_LENGTH = 32;

export class MachineTrust extends pulumi.ComponentResource {
  /** Private key of the pushes: secret, in OpenSSH's format. */
  readonly privateKey: pulumi.Output<string>;
  /** Keys the hashes of pushed files: secret. */
  readonly salt: pulumi.Output<string>;
  private readonly pushKey: tls.PrivateKey;
  private readonly hostKeys: ReadonlyMap<string, tls.PrivateKey>;
  private readonly tenantKeys: ReadonlyMap<string, tls.PrivateKey>;

  /**
   * @param servers by their keys in the plan
   * @param tenants that connect to their own servers through this environment's bastion
   */
  constructor(
    servers: readonly string[],
    tenants: readonly string[],
    options: pulumi.ComponentResourceOptions = {},
  ) {
    // The type is part of URNs, so it keeps the name of the room that this was in before.
    super("labstead:deploy:MachineTrust", "machines", {}, options);
    const parent = { parent: this };
    // A running server never reads its user data again: without this key nothing could be pushed to it any more.
    this.pushKey = new tls.PrivateKey("push", { algorithm: "ED25519" }, { ...parent, protect: true });
    this.privateKey = pulumi.secret(this.pushKey.privateKeyOpenssh);
    this.hostKeys = keys("host", servers, parent);
    this.tenantKeys = keys("push", tenants, parent);
    this.salt = pulumi.secret(
      new random.RandomPassword("machine-files-salt", { length: SALT_LENGTH, special: false }, parent).result,
    );
  }

  /** Public host key of a server: `ssh-ed25519 AAAA…`. @throws Error for a server that it was not made for */
  hostKey(server: string): pulumi.Output<string> {
    const key = this.hostKeys.get(server);
    if (key === undefined) throw new Error(`${server} has no SSH host key`);
    return key.publicKeyOpenssh.apply((line) => line.trim());
  }

  /** Private key of a tenant for the bastion: secret, in OpenSSH's format. @throws Error for a tenant that it was not made for */
  tenantKey(tenant: string): pulumi.Output<string> {
    const key = this.tenantKeys.get(tenant);
    if (key === undefined) throw new Error(`${tenant} has no key for the bastion`);
    return pulumi.secret(key.privateKeyOpenssh);
  }

  /** Values for user data and pushed files, by `referenceKey`. */
  values(): ReadonlyMap<string, pulumi.Output<string>> {
    const own = [...this.hostKeys].map(([server, key]) =>
      bound(machineValues.hostKey(server), pulumi.secret(key.privateKeyOpenssh)),
    );
    const tenants = [...this.tenantKeys].map(([tenant, key]) =>
      bound(
        machineValues.tenantKey(tenant),
        key.publicKeyOpenssh.apply((line) => line.trim()),
      ),
    );
    return new Map([bound(machineValues.pushKey, this.pushKey.publicKeyOpenssh), ...own, ...tenants]);
  }
}

function keys(
  kind: string,
  names: readonly string[],
  options: pulumi.CustomResourceOptions,
): ReadonlyMap<string, tls.PrivateKey> {
  return new Map(
    names.map((name) => [name, new tls.PrivateKey(`${kind}/${name}`, { algorithm: "ED25519" }, options)]),
  );
}

function bound(name: NamedValue, value: pulumi.Output<string>): readonly [string, pulumi.Output<string>] {
  if (name.source.kind === "text") throw new Error("only a single name can be bound");
  return [referenceKey(name.source), value];
}
