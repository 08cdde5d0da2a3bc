import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { packUserData, USER_DATA_LIMIT } from "../../infra/user-data";

describe("user data", () => {
  it("is compressed, in base64, and the same on every machine", () => {
    const text = "#cloud-config\nhostname: größe\n".repeat(400);
    const packed = packUserData(text);
    const bytes = Buffer.from(packed, "base64");
    expect(gunzipSync(bytes).toString("utf8")).toBe(text);
    expect(packed).toBe(packUserData(text));
    // Modification time and operating system, which differ between machines, say nothing.
    expect([...bytes.subarray(4, 8), bytes[9]]).toEqual([0, 0, 0, 0, 255]);
  });

  it("is refused above Nova's limit, counted after compression and base64", () => {
    const incompressible = randomBytes(60_000).toString("hex");
    expect(() => packUserData(incompressible)).toThrow(
      /characters after compression and base64, Nova takes 65535/,
    );
    expect(packUserData("x".repeat(1_000_000)).length).toBeLessThan(USER_DATA_LIMIT);
  });
});
