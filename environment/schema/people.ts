import { z } from "zod";
import { dnsLabel, ipv4, wireGuardKey } from "./primitives";
import { reachedApplications } from "./servers";
import { line } from "./texts";
import { sshPublicKey } from "./ssh-key";

/** Kubernetes' own user-facing roles; what each may do is documented with RBAC. */
export const KUBERNETES_ROLES = ["view", "edit", "admin"] as const;

const kubernetes = z
  .strictObject({
    everywhere: z
      .enum([...KUBERNETES_ROLES, "cluster-admin"])
      .optional()
      .describe("A role in all namespaces, tenants' too."),
    namespaces: z
      .record(dnsLabel, z.enum(KUBERNETES_ROLES))
      .default({})
      .describe("Roles in single namespaces of this environment."),
    user: line("the value of the claim")
      .optional()
      .describe("With cluster.oidc: the value of usernameClaim for this person."),
  })
  .prefault({});

/** A person with access. All access is derived from this entry, and removed with it. */
export const person = z.strictObject({
  ssh: z
    .strictObject({
      key: sshPublicKey,
      as: z
        .enum(["jump", "operator"])
        .default("jump")
        .describe(
          "jump: SSH through the bastion only, without a shell on it; operator: every server, with root privileges.",
        ),
    })
    .optional(),
  wireguard: z
    .strictObject({ publicKey: wireGuardKey, address: ipv4 })
    .optional()
    .describe("A peer of the tunnel, beside those of access.wireguard.peers."),
  applications: reachedApplications,
  kubernetes,
});

export type PersonConfig = z.output<typeof person>;
