/** User data in Nova's format. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { finding, type Finding } from "../environment/findings";
import type { ServerPlan } from "../environment/plan/types";
import { bindValues, referenceKey, type Lookup } from "../values";

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
  const substitute = substitutes();
  return servers.flatMap((server) => {
    const text = filled(userData(server) ?? "", substitute);
    if (largestSize(text) <= USER_DATA_LIMIT) return [];
    const size = pack(text).length;
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

/**
 * Base64 characters of a text that cannot be compressed at all, which is known without compressing it: gzip adds 18
 * bytes, and zlib at most 5 for each block of 16,383 bytes that it stores as it is.
 */
function largestSize(text: string): number {
  const bytes = Buffer.byteLength(text);
  return Math.ceil((bytes + 18 + 5 * Math.ceil(bytes / 16_383)) / 3) * 4;
}

/** The text with each value that is known later replaced. */
function filled(text: string, substitute: Lookup): string {
  const bound = bindValues(text, substitute);
  return typeof bound === "string" ? bound : text;
}

/** Texts of the length and compressibility of values that are known later, each made once. */
function substitutes(): Lookup {
  const made = new Map<string, string>();
  return (reference) => {
    const key = referenceKey(reference);
    const text = made.get(key) ?? substituteOf(key, reference.name.endsWith("/id") ? "id" : "text");
    made.set(key, text);
    return text;
  };
}

function substituteOf(key: string, kind: keyof typeof VALUE_RESERVE): string {
  const length = VALUE_RESERVE[kind];
  const blocks = Array.from({ length: Math.ceil(length / 44) }, (_, block) =>
    createHash("sha256")
      .update(`${key} ${String(block)}`)
      .digest("base64"),
  );
  return blocks.join("").slice(0, length);
}
