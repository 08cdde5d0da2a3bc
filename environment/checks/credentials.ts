/** Rights and lifetime of application credentials. */
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";

/** Roles with rights beyond one project. */
const TOO_MUCH: readonly string[] = ["admin", "cloud_admin", "domain_admin"];

/** Days before expiry in which a credential is reported: time for a rotation. */
const NOTICE_DAYS = 30;
const DAY = 24 * 60 * 60 * 1000;

export function checkCredentials({ applicationCredentials }: OwnerConfig): readonly Finding[] {
  return Object.entries(applicationCredentials).flatMap(([key, { roles = [], unrestricted }]) => {
    const path = `applicationCredentials.${key}`;
    const wide = roles.filter((role) => TOO_MUCH.includes(role));
    return [
      ...wide.map((role) =>
        finding(
          "credential.admin",
          `${path}.roles`,
          `${role} reaches other projects of the cloud from inside this one`,
          "list what it needs: member, reader, load-balancer_member",
        ),
      ),
      ...(unrestricted
        ? [
            finding(
              "credential.unrestricted",
              `${path}.unrestricted`,
              "anyone who reads this credential can create others that outlive it",
              "remove unrestricted, unless its user creates credentials itself",
            ),
          ]
        : []),
    ];
  });
}

/** Expired and soon expiring credentials, by the clock: not part of a plan, which is the same on any day. */
export function credentialExpiry(
  { name, applicationCredentials }: OwnerConfig,
  now: Date,
): readonly Finding[] {
  return Object.entries(applicationCredentials).flatMap(([key, { expiresAt }]) => {
    if (expiresAt === undefined) return [];
    const days = Math.floor((Date.parse(expiresAt) - now.getTime()) / DAY);
    if (days >= NOTICE_DAYS) return [];
    const path = `applicationCredentials.${key}.expiresAt`;
    const fix = `write a later time, then: labstead rotate ${name} credential/${key}`;
    return days < 0
      ? [
          finding(
            "credential.expired",
            path,
            `${expiresAt} has passed: OpenStack refuses the credential`,
            fix,
          ),
        ]
      : [finding("credential.expires", path, `${expiresAt} is in ${String(days)} days`, fix)];
  });
}
