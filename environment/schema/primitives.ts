/**
 * The words an environment is written in: names, addresses, ports.
 * Each message continues the sentence "<path>: <value given> …" and ends with the fix.
 */
import { z } from "zod";
import { isCidr, isHostInCidr, isIpv4 } from "../addresses";
import type { NonEmpty } from "../non-empty";
import { CONTROL_FREE } from "./texts";
import { specialAround, specialOf, specialOverlap, type SpecialRange } from "../special-ranges";

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
  .max(255, "is longer than 255 characters; name it as OpenStack lists it")
  .regex(CONTROL_FREE, "has a line break or another control character; name it as OpenStack lists it");

/**
 * What Nova calls the zone of hosts that are in none (`default_availability_zone`). Requested by name it pins a server
 * to nothing: it may start in a real zone, which then differs from the request, and the next refresh and `up` would
 * replace it (seen with Nova of OpenStack Zed).
 */
const NO_ZONE = "nova";

/** An availability zone. */
export const zoneName = cloudName.refine(
  (name) => name !== NO_ZONE,
  "is Nova's name for hosts without a zone, and pins a server to none; leave it out, so that Nova chooses, or name a real zone of `openstack availability zone list`",
);

export const uuid = z
  .string()
  .regex(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    "is not an OpenStack id; copy the UUID that `openstack … show` prints",
  );

/** Patterns give an editor an approximation of the exact checks. */
const OCTETS = String.raw`(\d{1,3}\.){3}\d{1,3}`;

function rangeText(range: SpecialRange | undefined): string {
  return range === undefined ? "" : `${range.cidr} (${range.what})`;
}

/** An address that a host on a network can have. */
export const ipv4 = z
  .string()
  .refine(isIpv4, {
    error: "is not an IPv4 address; write four numbers, such as 192.168.3.10",
    abort: true,
  })
  .refine((address) => specialOf(address) === undefined, {
    error: ({ input }) =>
      `is in ${rangeText(specialOf(String(input)))}, so no host of a network has it; write a host's address, such as 192.168.3.10`,
  })
  .meta({ pattern: `^${OCTETS}$` });

/** A network in CIDR form whose host bits are zero. */
const anyCidr = z
  .string()
  .refine(isHostInCidr, {
    error: "is not an IPv4 network; write its first address and prefix length, such as 192.168.3.0/24",
    abort: true,
  })
  .refine(isCidr, {
    error: "is an address inside a network; write the network's first address, such as 192.168.3.0/24",
    abort: true,
  });

const CIDR_PATTERN = { pattern: String.raw`^${OCTETS}/\d{1,2}$` };

const noSpecialOverlap = {
  error: ({ input }: { readonly input?: unknown }) =>
    `shares addresses with ${rangeText(specialOverlap(String(input)))}; choose a private network, such as 192.168.3.0/24`,
};

/** A network that hosts, pods or Services have their addresses in. */
export const cidr = anyCidr
  .refine((network) => specialOverlap(network) === undefined, noSpecialOverlap)
  .meta(CIDR_PATTERN);

/** A network that clients come from; 0.0.0.0/0 is all of them. */
export const sourceCidr = anyCidr
  .refine((network) => specialAround(network) === undefined, {
    error: ({ input }) =>
      `is in ${rangeText(specialAround(String(input)))}, so no client comes from there; write a network of your clients, such as 198.51.100.0/24`,
  })
  .meta(CIDR_PATTERN);

/** An interface address in CIDR form: host bits may be set (a WireGuard range such as 172.30.153.64/26 also fits). */
export const hostCidr = z
  .string()
  .refine(isHostInCidr, {
    error: "is not an IPv4 address with a prefix length; write it as 172.30.153.64/26",
    abort: true,
  })
  .refine((network) => specialOverlap(network) === undefined, noSpecialOverlap)
  .meta(CIDR_PATTERN);

/** Networks that may come in; never empty, because who is given an empty list may let everyone in (Octavia does). */
export const sourceCidrs = z
  .array(sourceCidr)
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
    /^(?=.{2,255}$)(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/,
    "is not a mount point; write an absolute path below the root without a slash at its end, such as /data",
  );

export const device = z
  .string()
  .regex(
    /^(?=.{6,255}$)\/dev(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/,
    "is not a device; write its path, such as /dev/sdb",
  );

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
  z
    .string()
    .max(255, "is longer than 255 characters; shorten it")
    .regex(CONTROL_FREE, "has a line break or another control character; write it on one line"),
);

export const tag = z
  .string()
  .regex(/^[^,/]{1,60}$/, "is not a tag; use 1 to 60 characters without commas and slashes")
  .regex(CONTROL_FREE, "has a line break or another control character; write it on one line");

/** A WireGuard public key: 32 bytes in base64. */
export const wireGuardKey = z
  .string()
  .regex(
    /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/,
    "is not a WireGuard public key; paste the 44 characters that `wg pubkey` prints",
  );
