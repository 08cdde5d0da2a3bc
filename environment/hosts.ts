/** The names under which an environment's services answer; ingresses, certificates and checks all take them from here. */
import { isOwner, type EnvironmentConfig } from "./config";

export interface DatalabHosts {
  /** The lab itself: `/` is the web client, `/api` its API. */
  readonly lab: string;
  readonly docs: string;
  /**
   * The catalogue: `catalogue.<domain>` in an environment that owns its cluster. A tenant's stands beside it on the
   * same ingress controller, so it carries the tenant's lab name: `<name>-catalogue.<domain>`.
   */
  readonly catalogue: string;
}

/** Hosts of the DataLabs services; undefined where the environment runs none. */
export function datalabHosts(config: EnvironmentConfig): DatalabHosts | undefined {
  const { datalab } = config.apps;
  if (datalab === undefined) return undefined;
  const [name = "", ...rest] = datalab.host.split(".");
  const parent = rest.join(".");
  return {
    lab: datalab.host,
    docs: `${name}-docs.${parent}`,
    catalogue: `${isOwner(config) ? "" : `${name}-`}catalogue.${parent}`,
  };
}

/** Every host name the environment's own ingresses serve, sorted. */
export function servedHosts(config: EnvironmentConfig): readonly string[] {
  const datalab = datalabHosts(config);
  return datalab === undefined ? [] : [datalab.lab, datalab.docs, datalab.catalogue].sort();
}
