/**
 * The words an environment is written in: names, addresses, ports, sizes.
 * Each message continues the sentence "<path>: <value given> …" and ends with the fix.
 */
import { z } from "zod";
import { isCidr, isHostInCidr, isIpv4 } from "../addresses";

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
export const cloudName = z.string().trim().min(1, "is empty; name it as OpenStack lists it").max(255);

export const uuid = z
  .string()
  .regex(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    "is not an OpenStack id; copy the UUID that `openstack … show` prints",
  );

export const ipv4 = z
  .string()
  .refine(isIpv4, "is not an IPv4 address; write four numbers, such as 192.168.3.10");

/** A network in CIDR form whose host bits are zero. */
export const cidr = z
  .string()
  .refine(
    isCidr,
    "is not an IPv4 network; write its first address and prefix length, such as 192.168.3.0/24",
  );

/** An interface address in CIDR form: host bits may be set (a WireGuard range such as 172.30.153.64/26 also fits). */
export const hostCidr = z
  .string()
  .refine(isHostInCidr, "is not an IPv4 address with a prefix length; write it as 172.30.153.64/26");

export const sourceCidrs = z
  .array(cidr)
  .min(1, "is empty, so nobody could come in; list at least one network, such as 198.51.100.0/24");

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
  .refine((w) => w.from <= w.to, "ends before it begins; swap `from` and `to`");

/** A size with its unit, so that nobody has to guess what 100 means. */
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

export const absolutePath = z
  .string()
  .regex(/^\/[A-Za-z0-9._/-]*$/, "is not an absolute path; start it with a slash, such as /data");

export const tag = z
  .string()
  .regex(/^[^,/]{1,60}$/, "is not a tag; use up to 60 characters without commas and slashes");

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
