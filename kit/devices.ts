/** Devices that containers ask for: GPUs and other extended resources, which whole containers have and never share. */
import type { DeviceClaim } from "../environment/parts/claims";

/** Name of an extended resource, with the domain of who offers it: `nvidia.com/gpu`. */
export type DeviceName = `${string}/${string}`;

/** How many of each device a container has to itself: `{ "nvidia.com/gpu": 1 }`. */
export type Devices = Readonly<Record<DeviceName, number>>;

/**
 * What a part claims for its devices, so that the environment can check that a pool of workers offers them.
 * A part takes it from this file, not from the kit's index, which loads the chart library.
 * @param path setting that the devices come from: `apps.hub.gpu`
 */
export function deviceClaims(path: string, devices: Devices): readonly DeviceClaim[] {
  return Object.keys(devices).map((resource) => ({ path, resource }));
}

/**
 * Counts by name, as both requests and limits of a container carry them and the API server returns them.
 * @throws Error on a name that Kubernetes does not take as an extended resource, or a count that is none
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
/** Kubernetes keeps the domain for its own resources, which may be shared. */
const RESERVED_DOMAIN = /^([^/]*\.)?kubernetes\.io\//;
