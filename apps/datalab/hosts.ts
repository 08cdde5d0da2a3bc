/** The names under which the DataLabs services answer. */

export interface DatalabHosts {
  /** The lab itself: `/` is the web client, `/api` its API. */
  readonly lab: string;
  readonly docs: string;
  /**
   * The catalogue: `catalogue.<domain>` in an environment that owns its cluster. A tenant's is beside it on the same
   * ingress controller, so it carries the tenant's lab name: `<name>-catalogue.<domain>`.
   */
  readonly catalogue: string;
}

/** @param host of the lab @param ownsCluster whether the environment owns its cluster */
export function datalabHosts(host: string, ownsCluster: boolean): DatalabHosts {
  const [name = "", ...rest] = host.split(".");
  const parent = rest.join(".");
  return {
    lab: host,
    docs: `${name}-docs.${parent}`,
    catalogue: `${ownsCluster ? "" : `${name}-`}catalogue.${parent}`,
  };
}
