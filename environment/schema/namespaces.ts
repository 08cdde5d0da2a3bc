/** `namespaces`: how much one namespace of the environment may use, and what its containers get by default. */
import { z } from "zod";
import { bytes, cpu, size } from "./quantities";

const count = (what: string) =>
  z
    .int(`is not a whole number; write how many ${what} the namespace may have`)
    .min(1, `is less than 1; write how many ${what} the namespace may have`);

/** SKA's guidance for every namespace, with room for files. */
const requests = z.strictObject({
  cpu: cpu.default("4"),
  memory: bytes.default("4Gi"),
  ephemeralStorage: bytes
    .default("20Gi")
    .describe("Disk of nodes: logs, scratch volumes, what containers write."),
});
const limits = z.strictObject({
  cpu: cpu.default("8"),
  memory: bytes.default("16Gi"),
  ephemeralStorage: bytes.default("200Gi"),
});

const containerRequests = z.strictObject({
  cpu: cpu.default("250m"),
  memory: bytes.default("128Mi"),
  ephemeralStorage: bytes.default("128Mi"),
});
const containerLimits = z.strictObject({
  cpu: cpu.default("500m"),
  memory: bytes.default("256Mi"),
  ephemeralStorage: bytes.default("2Gi").describe("A pod that writes more to its node is evicted."),
});

export const namespaceLimits = z.strictObject({
  pods: count("pods").default(50),
  requests: requests.prefault({}).describe("Sum of all its pods' requests."),
  limits: limits.prefault({}).describe("Sum of all its pods' limits."),
  claims: count("claims").default(50),
  storage: size.default("2Ti").describe("Sum of all its claims."),
  largestClaim: size.default("1Ti").describe("What a single claim may ask for."),
  containers: z
    .strictObject({ requests: containerRequests.prefault({}), limits: containerLimits.prefault({}) })
    .prefault({})
    .describe("Of a container that sets none."),
});

export type NamespaceLimitsConfig = z.output<typeof namespaceLimits>;

/** Of a namespace that the configuration does not mention. */
export const DEFAULT_NAMESPACE_LIMITS: NamespaceLimitsConfig = namespaceLimits.parse({});
