/**
 * The words an environment is written in: names, addresses, ports, sizes.
 * Each message continues the sentence "<path>: <value given> …" and ends with the fix.
 */
import { z } from "zod";
import { isCidr, isHostInCidr, isIpv4 } from "../addresses";
import type { NonEmpty } from "../non-empty";

/** A DNS label: it becomes part of host names, Kubernetes names and OpenStack names alike. */
export const dnsLabel = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
    "is not a valid name; use 1 to 40 lower-case letters, digits and hyphens, starting with a letter",
  );

/** A key of the user's own, such as a volume's or a port's name. */
export const itemKey = dnsLabel;

export const hostName = z
  .string()
  .regex(
    /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    "is not a host name; write it in full and in lower case, such as lab.example.org",
  );

/** A name that only OpenStack interprets: a flavor, an image, a zone. */
export const cloudName = z
  .string()
  .trim()
  .min(1, "is empty; name it as OpenStack lists it")
  .max(255, "is longer than 255 characters; name it as OpenStack lists it");

export const uuid = z
  .string()
  .regex(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    "is not an OpenStack id; copy the UUID that `openstack … show` prints",
  );

/** Patterns give an editor an approximation of the exact checks. */
const OCTETS = String.raw`(\d{1,3}\.){3}\d{1,3}`;

export const ipv4 = z
  .string()
  .refine(isIpv4, "is not an IPv4 address; write four numbers, such as 192.168.3.10")
  .meta({ pattern: `^${OCTETS}$` });

/** A network in CIDR form whose host bits are zero. */
export const cidr = z
  .string()
  .refine(isHostInCidr, {
    error: "is not an IPv4 network; write its first address and prefix length, such as 192.168.3.0/24",
    abort: true,
  })
  .refine(isCidr, "is an address inside a network; write the network's first address, such as 192.168.3.0/24")
  .meta({ pattern: String.raw`^${OCTETS}/\d{1,2}$` });

/** An interface address in CIDR form: host bits may be set (a WireGuard range such as 172.30.153.64/26 also fits). */
export const hostCidr = z
  .string()
  .refine(isHostInCidr, "is not an IPv4 address with a prefix length; write it as 172.30.153.64/26")
  .meta({ pattern: String.raw`^${OCTETS}/\d{1,2}$` });

/** Networks that may come in; never empty, because who is given an empty list may let everyone in (Octavia does). */
export const sourceCidrs = z
  .array(cidr)
  .refine(
    (list: readonly string[]): list is NonEmpty<string> => list.length > 0,
    "is empty, so no client could connect; list at least one network, such as 198.51.100.0/24",
  )
  .meta({ minItems: 1 });

/** An unprivileged or privileged TCP or UDP port. */
export const port = z
  .int("is not a whole number; write a port between 1 and 65535")
  .min(1, "is outside 1–65535; choose a port in that range")
  .max(65535, "is outside 1–65535; choose a port in that range");

/** The range kube-apiserver hands out by default (`--service-node-port-range`). */
export const NODE_PORT_RANGE = { from: 30000, to: 32767 } as const;

const outsideNodePorts = `is outside ${NODE_PORT_RANGE.from}–${NODE_PORT_RANGE.to}; choose a NodePort in that range`;
export const nodePort = z
  .int("is not a whole number; choose a NodePort between 30000 and 32767")
  .min(NODE_PORT_RANGE.from, outsideNodePorts)
  .max(NODE_PORT_RANGE.to, outsideNodePorts);

export const nodePortWindow = z
  .strictObject({ from: nodePort, to: nodePort })
  .refine((w) => w.from <= w.to, "ends before it starts; swap `from` and `to`");

/** A size with its unit. */
export type Size = `${number}Gi` | `${number}Ti`;
export const size = z
  .string()
  .regex(
    /^[1-9][0-9]{0,5}(Gi|Ti)$/,
    "is not a size; write a whole number and its unit, such as 100Gi or 2Ti",
  ) as z.ZodType<Size, Size>;

/** Cinder counts whole GiB. */
export function gibibytes(value: Size): number {
  const amount = Number.parseInt(value, 10);
  return value.endsWith("Ti") ? amount * 1024 : amount;
}

const outsideSlots = "is outside 0–999; choose a slot in that range";
/** Place of a server inside its role; its address and name follow from it, and from nothing else. */
export const slot = z
  .int("is not a whole number; choose a slot between 0 and 999")
  .min(0, outsideSlots)
  .max(999, outsideSlots);

/** A directory of a file system of its own: never the root, and the same directory has one spelling. */
export const mountPoint = z
  .string()
  .regex(
    /^(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/,
    "is not a mount point; write an absolute path below the root without a slash at its end, such as /data",
  );

export const device = z
  .string()
  .regex(/^\/dev(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/, "is not a device; write its path, such as /dev/sdb");

/** Keys of server metadata that the program writes itself. */
const OWN_METADATA: readonly string[] = ["groups", "environment"];

export const metadata = z.record(
  z
    .string()
    .regex(
      /^[A-Za-z0-9_.: -]{1,255}$/,
      "is not a metadata key; use up to 255 letters, digits and the characters _ . : -",
    )
    .refine(
      (key) => !OWN_METADATA.includes(key),
      "is a key that the program writes itself; choose another key",
    ),
  z.string().max(255, "is longer than 255 characters; shorten it"),
);

const labelKey = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/,
    "is not a key of a Kubernetes label or taint; write it as name or example.org/name",
  );
const labelValue = z
  .string()
  .regex(
    /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/,
    "is not a value of a Kubernetes label or taint; use up to 63 letters, digits and the characters _ . -",
  );
export const labels = z.record(labelKey, labelValue);
export const taint = z.strictObject({
  key: labelKey,
  value: labelValue.default(""),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

export const tag = z
  .string()
  .regex(/^[^,/]{1,60}$/, "is not a tag; use 1 to 60 characters without commas and slashes");

/** A WireGuard public key: 32 bytes in base64. */
export const wireGuardKey = z
  .string()
  .regex(
    /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/,
    "is not a WireGuard public key; paste the 44 characters that `wg pubkey` prints",
  );

export const sshPublicKey = z
  .string()
  .regex(
    /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/]+=*( .*)?$/,
    "is not an SSH public key; paste the line of your .pub file, such as ssh-ed25519 AAAA… name",
  );
