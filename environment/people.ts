/** A person's identity in the cluster by certificate: its name, to which rights are bound. */
export function personPrincipal(name: string): string {
  return `labstead:person:${name}`;
}

/**
 * Prefix of all names from the identity provider (`--oidc-username-prefix`): no claim can equal the name of a certificate or
 * of a part of the system.
 */
export const OIDC_PREFIX = "oidc:";

/**
 * A person's identity in the cluster by an identity provider. @param claim the value of `cluster.oidc.usernameClaim`
 */
export function oidcPrincipal(claim: string): string {
  return `${OIDC_PREFIX}${claim}`;
}

/** The group of this name has no rights by itself; it identifies the certificate in an audit log. */
export const PEOPLE_GROUP = "labstead:people";
