/** Host names of the DataLabs services. */

export interface DatalabHosts {
  /** The lab itself: `/` is the web client, `/api` its API. */
  readonly lab: string;
  readonly docs: string;
  /**
   * The catalogue: `catalogue.<domain>`. A tenant shares the ingress controller with its owner, so its catalogue
   * contains the tenant's lab name: `<name>-catalogue.<domain>`.
   */
  readonly catalogue: string;
}

/** @param host of the lab @param alone whether the environment does not share its cluster and domain with an owner */
export function datalabHosts(host: string, alone: boolean): DatalabHosts {
  const [name = "", ...rest] = host.split(".");
  const parent = rest.join(".");
  return {
    lab: host,
    docs: `${name}-docs.${parent}`,
    catalogue: `${alone ? "" : `${name}-`}catalogue.${parent}`,
  };
}
