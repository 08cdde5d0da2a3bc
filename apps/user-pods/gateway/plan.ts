/** The gateway as its chart needs it: every default resolved. */
import type { Flow } from "../../../environment/parts/flows";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { assertNever } from "../../../errors/assert-never";
import type { PolicyNetworks } from "../../../kit/flow-policies";
import type { DirectoryConfig } from "../directory/configuration";
import type { GatewayConfig, IdleConfig } from "./configuration";
import type { IdentityConfig } from "./identity/configuration";

/** How the gateway learns who somebody is. */
export type IdentityPlan =
  | Extract<IdentityConfig, { kind: "oidc" }>
  | Extract<IdentityConfig, { kind: "authUrl" }>
  | {
      readonly kind: "ldap";
      /** `ldaps://`, or `ldap://`, which begins with StartTLS. */
      readonly url: string;
      /** Entry of a person, with `{name}`. */
      readonly dn: string;
      /** Certificate in PEM. @default Node.js' own authorities */
      readonly authority?: string;
      readonly timeoutSeconds: number;
      readonly sessionSeconds: number;
    };

/** The gateway of users' pods, decided. */
export interface GatewayPlan {
  readonly host: string;
  readonly identity: IdentityPlan;
  readonly idle: IdleConfig;
  readonly stripPath: boolean;
  /** Of the environment. */
  readonly flows: readonly Flow[];
  readonly cluster: PolicyNetworks;
}

export function gatewayPlan(
  { identity, idle, stripPath }: GatewayConfig,
  host: string,
  directory: DirectoryConfig | undefined,
  { flows, cluster }: EnvironmentPlan,
): GatewayPlan {
  const { serviceCidr, nodeCidr, ingress } = cluster;
  const plan = { host, idle, stripPath, flows, cluster: { serviceCidr, nodeCidr, ingress } };
  return { ...plan, identity: identityPlan(identity, directory) };
}

/** @throws Error for LDAP without a directory: a bug in the program, since the checks require one */
function identityPlan(identity: IdentityConfig, directory: DirectoryConfig | undefined): IdentityPlan {
  switch (identity.kind) {
    case "oidc":
    case "authUrl":
      return identity;
    case "ldap": {
      if (directory === undefined) throw new Error("the gateway has no directory");
      const { url, base, nameAttribute, timeoutSeconds } = directory;
      const { kind, dn = `${nameAttribute}={name},${base}`, authority, sessionSeconds } = identity;
      return {
        ...{ kind, url, dn, timeoutSeconds, sessionSeconds },
        ...(authority === undefined ? {} : { authority }),
      };
    }
    default:
      return assertNever(identity);
  }
}
