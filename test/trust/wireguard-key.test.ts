import { generateKeyPairSync } from "node:crypto";
import { wireGuardPublicKey } from "../../trust/wireguard-key";

const base64 = (part: string | undefined) => Buffer.from(part ?? "", "base64url").toString("base64");

test("a private key gives the public key that it was made with", () => {
  for (let count = 0; count < 50; count++) {
    const { d, x } = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
    expect(wireGuardPublicKey(base64(d))).toBe(base64(x));
  }
});

test("a known pair, as `wg pubkey` prints it", () => {
  expect(wireGuardPublicKey("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")).toBe(
    "j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8=",
  );
});
