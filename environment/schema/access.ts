import { z } from "zod";
import { dnsLabel, hostCidr, hostName, ipv4, port, sourceCidrs, wireGuardKey } from "./primitives";
import { reachedApplications } from "./servers";
import { identityWord, line, webAddress } from "./texts";
import { sshPublicKey } from "./ssh-key";

const ssh = z.strictObject({ from: sourceCidrs.describe("Networks that may reach the bastion's port 22.") });

const peer = z.strictObject({
  publicKey: wireGuardKey,
  address: ipv4,
  applications: reachedApplications,
});

const wireguard = z.strictObject({
  cidr: hostCidr.describe("Addresses inside the tunnel; the gateway takes the first."),
  port: port.default(7777),
  from: sourceCidrs
    .default(["0.0.0.0/0"])
    .describe(
      "Networks that may send handshakes. WireGuard does not answer unknown peers, so the default is any address.",
    ),
  peers: z.record(dnsLabel, peer).default({}),
});

const operator = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("allowlist"), from: sourceCidrs }),
  z.strictObject({ kind: z.literal("tunnel") }),
  z.strictObject({ kind: z.literal("wireguard") }),
]);

const common = {
  operator: operator.describe("How Pulumi reaches the Kubernetes API: nothing is open to the world."),
};

export const access = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("bastion"), ...common, ssh }),
  z.strictObject({ kind: z.literal("wireguard"), ...common, wireguard }),
  z.strictObject({ kind: z.literal("both"), ...common, ssh, wireguard }),
]);

export const keyPair = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("managed"), publicKey: sshPublicKey }),
  z.strictObject({ kind: z.literal("existing"), name: line("the name of the key pair") }),
]);

export const oidc = z.strictObject({
  issuer: webAddress("https", "is not an https URL; write the issuer's, such as https://sso.example.org"),
  clientId: identityWord("the client's id"),
  usernameClaim: identityWord("the name of a claim").default("sub"),
  groupsClaim: identityWord("the name of a claim").optional(),
});

export const publicHost = hostName;
export type AccessConfig = z.output<typeof access>;
