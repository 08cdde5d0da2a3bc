/** Identifiers and values that look like OpenStack's, the same ones for the same cause. */
import { createHash } from "node:crypto";

function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}

/** A UUID of version 4's form that follows from its parts. */
export function uuid(...parts: readonly string[]): string {
  const hex = digest(...parts);
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}

/** An id of Keystone or Nova: 32 hexadecimal digits without dashes. */
export function projectLikeId(...parts: readonly string[]): string {
  return digest(...parts).slice(0, 32);
}

/** A MAC address in Neutron's default range fa:16:3e. */
export function macAddress(portId: string): string {
  const hex = digest("mac", portId);
  return ["fa", "16", "3e", hex.slice(0, 2), hex.slice(2, 4), hex.slice(4, 6)].join(":");
}

/** The one project, user and region of the built-in cloud. */
export const PROJECT_ID = projectLikeId("project", "rehearsal");
export const USER_ID = projectLikeId("user", "rehearsal");
export const REGION = "RegionOne";
