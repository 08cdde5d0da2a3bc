import { z } from "zod";
import { cloudName } from "./primitives";

const amount = z
  .int("is not a whole number; write the limit, or -1 for none")
  .min(-1, "is less than -1; write the limit, or -1 for none");

/** Limits of the tenancy as the operator knows them; `labstead plan` compares what it needs. Units in the names. */
export const quota = z
  .strictObject({
    instances: amount,
    cores: amount,
    ramMiB: amount,
    volumes: amount,
    volumeGiB: amount,
    ports: amount,
    floatingIps: amount,
    networks: amount,
    routers: amount,
    securityGroups: amount,
    securityGroupRules: amount,
    serverGroups: amount,
    serverGroupMembers: amount,
    loadBalancers: amount,
  })
  .partial();

const atLeastOne = (what: string) =>
  z
    .int(`is not a whole number; write the flavor's ${what}`)
    .min(1, `is less than 1; write the flavor's ${what}`);

/** Sizes of the flavors, so that they are compared with quota and needs without querying the cloud. */
export const flavors = z.record(
  cloudName,
  z.strictObject({
    vcpus: atLeastOne("vCPUs"),
    ramMiB: atLeastOne("memory in MiB"),
    diskGiB: z
      .int("is not a whole number; write the flavor's disk in GiB")
      .min(0, "is less than 0; write the flavor's disk in GiB")
      .optional()
      .describe("0 for a flavor without a disk. Default: not known."),
  }),
);

export type QuotaConfig = z.output<typeof quota>;
export type QuotaName = keyof QuotaConfig;
