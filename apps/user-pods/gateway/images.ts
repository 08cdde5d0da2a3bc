/** Images of the gateway's pod. */
import type { PinnedImages } from "../../../environment/parts/images";
import { assertNever } from "../../../errors/assert-never";
import type { IdentityConfig } from "./identity/configuration";

export const GATEWAY_IMAGES = {
  gateway: { repository: "node", tag: "24.21.0-alpine" },
  /**
   * Sign-ins could be bypassed before 7.15.2 (CVE-2026-40575 and three others), and headers smuggled before 7.13.0
   * (CVE-2025-64484). Issue 3506 is open: X-Forwarded-Uri is believed with `--reverse-proxy`, which is off here.
   */
  oauth2Proxy: { repository: "quay.io/oauth2-proxy/oauth2-proxy", tag: "v7.15.6" },
} as const satisfies PinnedImages;

/** Those of a gateway with this identity. */
export function gatewayImages({ kind }: IdentityConfig): PinnedImages {
  const { gateway, oauth2Proxy } = GATEWAY_IMAGES;
  switch (kind) {
    case "oidc":
      return { gateway, oauth2Proxy };
    case "ldap":
    case "authUrl":
      return { gateway };
    default:
      return assertNever(kind);
  }
}
