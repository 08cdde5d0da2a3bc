/** Application credentials: the declared ones, and those that components of the cluster use beside them. */
import { neededRoles } from "../cluster-cloud";
import type { OwnerConfig } from "../config";
import type { ApplicationCredentialPlan } from "./types";

/** Of a credential that names none and that no component of the program uses. */
const DEFAULT_ROLES = ["member"] as const;

export function credentialPlans(config: OwnerConfig): readonly ApplicationCredentialPlan[] {
  const needed = neededRoles(config);
  const declared = config.applicationCredentials;
  const keys = [...Object.keys(declared), ...Object.keys(needed).filter((key) => !(key in declared))];
  return keys.map((key) => {
    const { roles, unrestricted = false, expiresAt, generation = 1 } = declared[key] ?? {};
    return {
      key,
      name: `${config.name}-${key}`,
      roles: roles ?? needed[key] ?? DEFAULT_ROLES,
      unrestricted,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      generation,
    };
  });
}
