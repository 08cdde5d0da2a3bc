/** Outputs of the infrastructure. */
import * as pulumi from "@pulumi/pulumi";
import type { InfraPlan } from "../environment/plan/infra-plan";
import type { AddressPlan } from "../environment/plan/types";
import { referenceKey } from "../values";
import { contextOf } from "./context";
import { keys } from "./keys";
import { boundValues } from "./named-values";
import { ref } from "./resource";
import type { Ref } from "./types";

/** A registered server. */
export interface ServerOutputs {
  /** Nova's id. */
  readonly id: pulumi.Output<string>;
  /** In the environment's network. */
  readonly address: pulumi.Output<string>;
}

/** An application credential; its secret is a Pulumi secret. */
export interface CredentialOutputs {
  readonly id: pulumi.Output<string>;
  readonly secret: pulumi.Output<string>;
}

/** Ids and addresses of the registered resources. */
export interface InfraOutputs {
  /** Absent without servers. */
  readonly networkId?: pulumi.Output<string>;
  readonly subnetId?: pulumi.Output<string>;
  /** By server key. */
  readonly servers: ReadonlyMap<string, ServerOutputs>;
  /** Addresses in the environment's network, by VIP key. */
  readonly vips: ReadonlyMap<string, pulumi.Output<string>>;
  /** Public addresses, by the plan's key: `vip/api`, `server/bastion/0`. */
  readonly floatingIps: ReadonlyMap<string, pulumi.Output<string>>;
  /** Cinder's ids, by volume key. */
  readonly volumes: ReadonlyMap<string, pulumi.Output<string>>;
  /** Names of object containers, by key. */
  readonly containers: ReadonlyMap<string, pulumi.Output<string>>;
  /** By key; their secrets are Pulumi secrets. */
  readonly applicationCredentials: ReadonlyMap<string, CredentialOutputs>;
  /** Every named value that the infrastructure binds, by `referenceKey`. */
  readonly values: ReadonlyMap<string, pulumi.Output<unknown>>;
}

export function infraOutputs(
  plan: InfraPlan,
  refOutput: (ref: Ref) => pulumi.Output<unknown>,
  resolve: (data: unknown) => unknown,
): InfraOutputs {
  const context = contextOf(plan);
  const resolved = (data: unknown) => text(pulumi.output(resolve(data)), JSON.stringify(data));
  const address = (of: AddressPlan) => resolved(context.address(of));
  const out = (reference: Ref) => text(refOutput(reference), `${reference.ref}.${reference.output}`);
  const values = new Map(
    boundValues(plan).map(({ reference, value }) => [
      referenceKey(reference),
      bound(reference.kind, pulumi.output(resolve(value))),
    ]),
  );
  return {
    networkId: resolved(context.networkId),
    subnetId: resolved(context.subnetId),
    servers: byKey(plan.servers, (each) => ({
      id: out(ref("openstack:compute/instance:Instance", keys.server(each.key), "id")),
      address: address(each.address),
    })),
    vips: byKey(plan.vips, (each) => address(each.address)),
    floatingIps: byKey(plan.floatingIps, ({ key }) =>
      out(ref("openstack:networking/floatingIp:FloatingIp", keys.floatingIp(key), "address")),
    ),
    volumes: byKey(plan.volumes, ({ key }) =>
      out(ref("openstack:blockstorage/volume:Volume", keys.volume(key), "id")),
    ),
    containers: byKey(plan.containers, ({ key }) =>
      out(ref("openstack:objectstorage/container:Container", keys.container(key), "name")),
    ),
    applicationCredentials: byKey(plan.applicationCredentials, ({ key }) => credential(key, out)),
    values,
  };
}

function credential(key: string, out: (reference: Ref) => pulumi.Output<string>): CredentialOutputs {
  const type = "openstack:identity/applicationCredential:ApplicationCredential";
  return {
    id: out(ref(type, keys.applicationCredential(key), "id")),
    secret: pulumi.secret(out(ref(type, keys.applicationCredential(key), "secret"))),
  };
}

/** A value that is named as a secret is secret, even if the provider does not mark it. */
function bound(kind: string, value: pulumi.Output<unknown>): pulumi.Output<unknown> {
  return kind === "secret" ? pulumi.secret(value) : value;
}

function byKey<P extends { readonly key: string }, V>(
  plans: readonly P[],
  value: (plan: P) => V,
): ReadonlyMap<string, V> {
  return new Map(plans.map((plan) => [plan.key, value(plan)]));
}

function text(value: pulumi.Output<unknown>, what: string): pulumi.Output<string> {
  return value.apply((found) => {
    if (typeof found !== "string") throw new Error(`${what}: the cloud gave ${typeof found}, not a text`);
    return found;
  });
}
