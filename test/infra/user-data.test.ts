import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { secret } from "../../values";
import { packUserData, USER_DATA_LIMIT, userDataFindings } from "../../infra/user-data";
import { planned } from "../apps/manifests";

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
      /characters after compression and base64, Nova accepts 65535/,
    );
    expect(packUserData("x".repeat(1_000_000)).length).toBeLessThan(USER_DATA_LIMIT);
  });
});

describe("a plan whose user data is too large", () => {
  const servers = planned("prod").plan.servers.slice(0, 2);
  const large = randomBytes(60_000).toString("hex");

  it("is a finding that names server, size, limit and fix", () => {
    const [server] = servers;
    const found = userDataFindings(servers, (each) => (each === server ? large : "#cloud-config\n"));
    expect(found).toEqual([
      {
        id: "server.user-data",
        severity: "error",
        path: "servers.bastion",
        explanation: expect.stringMatching(
          /^the user data of prod-bastion-0 has about \d{5} characters after compression and base64, Nova accepts 65535$/,
        ) as unknown,
        fix: "send what is not needed to boot as pushed (sealed) files",
      },
    ]);
  });

  it("is found exactly when the compressed text is too large, however well it compresses", () => {
    const sizes = fc.integer({ min: 45_000, max: 70_000 });
    fc.assert(
      fc.property(sizes, sizes, (random, repeated) => {
        const text = randomBytes(random).toString("base64") + "x".repeat(repeated);
        let tooLarge = false;
        try {
          packUserData(text);
        } catch {
          tooLarge = true;
        }
        expect(userDataFindings(servers.slice(0, 1), () => text)).toHaveLength(tooLarge ? 1 : 0);
      }),
      { numRuns: 20 },
    );
  });

  it("counts what is known later by the length it will have", () => {
    const later = Array.from({ length: 40 }, (_, each) => `${secret(`key-${String(each)}`).toString()}\n`);
    expect(packUserData(later.join("")).length).toBeLessThan(2_000);
    expect(userDataFindings(servers, () => later.join(""))).toHaveLength(2);
  });
});
