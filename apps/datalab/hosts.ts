/** The names under which the DataLabs services answer. */

export interface DatalabHosts {
  /** The lab itself: `/` is the web client, `/api` its API. */
  readonly lab: string;
  readonly docs: string;
  /**
   * The catalogue: `catalogue.<domain>`. A tenant's is beside its owner's on the same ingress controller, so it carries
   * the tenant's lab name: `<name>-catalogue.<domain>`.
   */
  readonly catalogue: string;
}

/** @param host of the lab @param alone whether the environment shares its cluster and domain with no owner */
export function datalabHosts(host: string, alone: boolean): DatalabHosts {
  const [name = "", ...rest] = host.split(".");
  const parent = rest.join(".");
  return {
    lab: host,
    docs: `${name}-docs.${parent}`,
    catalogue: `${alone ? "" : `${name}-`}catalogue.${parent}`,
  };
}
