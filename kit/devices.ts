/** Devices that containers request: GPUs and other extended resources, allocated in whole numbers and never shared. */
import type { DeviceClaim } from "../environment/parts/claims";

/** Name of an extended resource, with the domain of its provider: `nvidia.com/gpu`. */
export type DeviceName = `${string}/${string}`;

/** How many of each device a container gets exclusively: `{ "nvidia.com/gpu": 1 }`. */
export type Devices = Readonly<Record<DeviceName, number>>;

/**
 * Claims of a part for its devices, so that the environment can check that a pool of workers offers them. A part
 * imports it from this file, not from the kit's index, which loads the chart library.
 * @param path setting that determines the devices: `apps.hub.gpu`
 */
export function deviceClaims(path: string, devices: Devices): readonly DeviceClaim[] {
  return Object.keys(devices).map((resource) => ({ path, resource }));
}

/**
 * Counts by name, set as both requests and limits of a container, in the form that the API server returns.
 * @throws Error on an invalid name of an extended resource, or an invalid count
 */
export function deviceCounts(container: string, devices: Devices): Readonly<Record<string, string>> {
  for (const [name, count] of Object.entries(devices)) {
    if (!EXTENDED_RESOURCE.test(name) || RESERVED_DOMAIN.test(name)) {
      throw new Error(
        `${container}: ${JSON.stringify(name)} is no name of a device; write the domain of who offers it and its name, such as nvidia.com/gpu`,
      );
    }
    if (!Number.isInteger(count) || count < 1) {
      throw new Error(
        `${container}: requests ${count} of ${name}; a device is not shared, so request 1 or more, or leave it out`,
      );
    }
  }
  return Object.fromEntries(Object.entries(devices).map(([name, count]) => [name, String(count)]));
}

const EXTENDED_RESOURCE = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
/** Kubernetes reserves this domain for its own resources, which may be shared. */
const RESERVED_DOMAIN = /^([^/]*\.)?kubernetes\.io\//;
