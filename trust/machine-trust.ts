/**
 * Mutual SSH trust between servers and the program before the first connection: each server boots with a host key that
 * is generated here, and authorizes the key that pushes files.
 */
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { machineValues } from "../environment/machine-values";
import { referenceKey, type NamedValue } from "../values";

/** Characters of the salt: more than can be guessed. */
const SALT_LENGTH = 32;

export class MachineTrust extends pulumi.ComponentResource {
  /** Private key of the pushes: secret, in OpenSSH's format. */
  readonly privateKey: pulumi.Output<string>;
  /** Key of the hashes of pushed files: secret. */
  readonly salt: pulumi.Output<string>;
  private readonly pushKey: tls.PrivateKey;
  private readonly hostKeys: ReadonlyMap<string, tls.PrivateKey>;
  private readonly tenantKeys: ReadonlyMap<string, tls.PrivateKey>;

  /**
   * @param servers by server key of the plan
   * @param tenants that connect to their own servers through this environment's bastion
   */
  constructor(
    servers: readonly string[],
    tenants: readonly string[],
    options: pulumi.ComponentResourceOptions = {},
  ) {
    // The type is part of URNs, so it keeps the name of its former room.
    super("labstead:deploy:MachineTrust", "machines", {}, options);
    const parent = { parent: this };
    // A running server never reads its user data again: without this key nothing could be pushed to it.
    this.pushKey = new tls.PrivateKey("push", { algorithm: "ED25519" }, { ...parent, protect: true });
    this.privateKey = pulumi.secret(this.pushKey.privateKeyOpenssh);
    this.hostKeys = keys("host", servers, parent);
    this.tenantKeys = keys("push", tenants, parent);
    this.salt = pulumi.secret(
      new random.RandomPassword("machine-files-salt", { length: SALT_LENGTH, special: false }, parent).result,
    );
  }

  /** Public host key of a server: `ssh-ed25519 AAAA…`. @throws Error for an unknown server */
  hostKey(server: string): pulumi.Output<string> {
    const key = this.hostKeys.get(server);
    if (key === undefined) throw new Error(`${server} has no SSH host key`);
    return key.publicKeyOpenssh.apply((line) => line.trim());
  }

  /** Private key of a tenant for the bastion: secret, in OpenSSH's format. @throws Error for an unknown tenant */
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
