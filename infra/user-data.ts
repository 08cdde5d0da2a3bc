/** User data as Nova takes it. */
import { gzipSync } from "node:zlib";

/** Nova's limit, counted after base64 (`MAX_USERDATA_SIZE`). */
export const USER_DATA_LIMIT = 65_535;

/**
 * Boot files compressed, in base64. cloud-init unpacks them by itself, and gophercloud recognises base64 and passes it on.
 * The same text gives the same result on every machine.
 * @throws Error when they are too large even then.
 */
export function packUserData(text: string): string {
  const compressed = gzipSync(text, { level: 9 });
  // Byte 9 of a gzip header names the operating system; 255 is "unknown" (RFC 1952).
  compressed[9] = 255;
  const packed = compressed.toString("base64");
  if (packed.length > USER_DATA_LIMIT) {
    throw new Error(
      `user data has ${packed.length} characters after compression and base64, Nova takes ${USER_DATA_LIMIT}; send what is not needed to boot as machine files`,
    );
  }
  return packed;
}
