/** What all objects of a Tango control system have in common. */
import type { Identity, Labels, User } from "../../kit";

/** Where the objects are, and whose they are. */
export interface TangoPlace {
  readonly environment: string;
  /** It has to exist. */
  readonly namespace: string;
  /** Label of the pods: the part of the telescope, such as `sdp`. */
  readonly subsystem: string;
}

/** The SKA's labels beside `subsystem`: https://developer.skao.int (guidelines for Kubernetes). */
export interface TangoLabels {
  /** What it is for: `tango-device-configuration`. */
  readonly function: string;
  /** To which field it belongs: `tango-configuration`. */
  readonly domain: string;
}

/** How clients reach the database server: the value of `TANGO_HOST`. */
export interface TangoHost {
  /** `databaseds.control.svc:10000` */
  readonly tangoHost: string;
}

/** User `tango` of the SKA's images. */
export const TANGO_USER: User = { uid: 1000, gid: 1000 };

export function identityOf({ environment }: TangoPlace, name: string, component: string): Identity {
  return { name, partOf: "tango", component, environment };
}

export function podLabels({ subsystem }: TangoPlace, component: string, labels: TangoLabels): Labels {
  return { component, subsystem, function: labels.function, domain: labels.domain, intent: "production" };
}

/** Host name of a Service for all pods of the cluster, whatever the cluster's domain is. */
export function serviceHost(name: string, { namespace }: TangoPlace): string {
  return `${name}.${namespace}.svc`;
}
