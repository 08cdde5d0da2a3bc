/** Key pair and application credentials. */
import { createHash } from "node:crypto";
import type { ApplicationCredentialPlan, KeyPairPlan } from "../environment/plan/types";
import type { Context } from "./context";
import { keys } from "./keys";
import { resource } from "./resource";
import type { InfraResource } from "./types";

const COMPONENT = "identity";

export function describeIdentity({ plan }: Context): readonly InfraResource[] {
  return [
    ...keyPair(plan.keyPair),
    ...plan.applicationCredentials.map((each) => applicationCredential(each, plan.environment)),
  ];
}

/** Nova identifies a user's key pairs only by name, so a changed key is deleted and recreated. */
function keyPair(plan: KeyPairPlan): readonly InfraResource[] {
  if (plan.kind === "existing") return [];
  const { name, publicKey } = plan;
  return [
    resource(
      COMPONENT,
      "openstack:compute/keypair:Keypair",
      keys.keyPair,
      { name, publicKey },
      { deleteBeforeReplace: true },
    ),
  ];
}

/**
 * A credential cannot be updated, and its name is in use while it exists. The name ends in a digest of what it grants,
 * so that a new one can be created and distributed before the old one is revoked.
 */
function applicationCredential(each: ApplicationCredentialPlan, environment: string): InfraResource {
  return resource(
    COMPONENT,
    "openstack:identity/applicationCredential:ApplicationCredential",
    keys.applicationCredential(each.key),
    {
      name: `${each.name}-${digest(each)}`,
      description: `${each.key} of the lab environment ${environment}, generation ${each.generation}`,
      roles: each.roles,
      unrestricted: each.unrestricted,
      expiresAt: each.expiresAt,
    },
  );
}

/** 8 hexadecimal digits: enough to distinguish two credentials with one name. */
function digest({ roles, unrestricted, expiresAt, generation }: ApplicationCredentialPlan): string {
  const granted = JSON.stringify([roles, unrestricted, expiresAt ?? null, generation]);
  return createHash("sha256").update(granted).digest("hex").slice(0, 8);
}
