/** User data in Nova's format. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { finding, type Finding } from "../environment/findings";
import type { ServerPlan } from "../environment/plan/types";
import { bindValues, referenceKey } from "../values";

/** Nova's limit, after base64 encoding (`MAX_USERDATA_SIZE`). */
export const USER_DATA_LIMIT = 65_535;

/**
 * Boot files compressed, in base64. cloud-init decompresses them itself; gophercloud detects base64 and passes it on.
 * The same text gives the same result on every machine.
 * @throws Error if they are too large even then.
 */
export function packUserData(text: string): string {
  const packed = pack(text);
  if (packed.length > USER_DATA_LIMIT) {
    throw new Error(
      `user data has ${packed.length} characters after compression and base64, Nova accepts ${USER_DATA_LIMIT}; send what is not needed to boot as machine files`,
    );
  }
  return packed;
}

function pack(text: string): string {
  const compressed = gzipSync(text, { level: 9 });
  // Byte 9 of a gzip header names the operating system; 255 is "unknown" (RFC 1952).
  compressed[9] = 255;
  return compressed.toString("base64");
}

/** A finding for each server whose user data Nova would refuse, before anything is created. */
export function userDataFindings(
  servers: readonly ServerPlan[],
  userData: (server: ServerPlan) => string | undefined,
): readonly Finding[] {
  return servers.flatMap((server) => {
    const size = packedSize(userData(server) ?? "");
    if (size <= USER_DATA_LIMIT) return [];
    return [
      finding(
        "server.user-data",
        `servers.${server.pool}`,
        `the user data of ${server.name} has about ${size} characters after compression and base64, Nova accepts ${USER_DATA_LIMIT}`,
        "send what is not needed to boot as pushed (sealed) files",
      ),
    ];
  });
}

/** Base64 characters of a PEM key and certificate, the longest of all later values, and of an id. */
const VALUE_RESERVE = { text: 3000, id: 36 } as const;

/** Characters for Nova; values that are known later are replaced by texts of equal length and compressibility. */
function packedSize(text: string): number {
  const filled = bindValues(text, (reference) => {
    const length = reference.name.endsWith("/id") ? VALUE_RESERVE.id : VALUE_RESERVE.text;
    const blocks = Array.from({ length: Math.ceil(length / 44) }, (_, block) =>
      createHash("sha256")
        .update(`${referenceKey(reference)} ${block}`)
        .digest("base64"),
    );
    return blocks.join("").slice(0, length);
  });
  return pack(typeof filled === "string" ? filled : text).length;
}
