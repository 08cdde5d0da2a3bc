/** The devices of a server, as the Tango database has them. */
import { checkedDevice, type TangoDependency } from "./waits";

/** Properties of a device, by name. */
export type TangoProperties = Readonly<Record<string, readonly string[]>>;

/** One process of a device server. */
export interface TangoInstance {
  /** Devices by class, and their properties: `{ TangoTest: { "sys/tg_test/1": {} } }`. */
  readonly classes: Readonly<Record<string, Readonly<Record<string, TangoProperties>>>>;
  /** What this instance waits for, beside what its server waits for. @default nothing */
  readonly after?: readonly TangoDependency[];
}

/** By name, as the program is given it: `{ test: … }`. */
export type TangoInstances = Readonly<Record<string, TangoInstance>>;

export function devicesOf({ classes }: TangoInstance): readonly string[] {
  return Object.values(classes).flatMap((devices) => Object.keys(devices));
}

/** What dsconfig's `json2tango` reads. */
export function dsconfig(server: string, instances: TangoInstances): object {
  return {
    servers: {
      [server]: Object.fromEntries(
        Object.entries(instances).map(([instance, { classes }]) => [instance, withProperties(classes)]),
      ),
    },
  };
}

function withProperties(classes: TangoInstance["classes"]): object {
  return Object.fromEntries(
    Object.entries(classes).map(([name, devices]) => [
      name,
      Object.fromEntries(Object.entries(devices).map(([device, properties]) => [device, { properties }])),
    ]),
  );
}

/** Name of an instance in names of Kubernetes. */
export function instanceName(server: string, instance: string): string {
  return `${server}-${instance.toLowerCase().replaceAll("_", "-")}`;
}

/** @throws Error on no instance, an instance without devices, a device twice, and names that Kubernetes or Tango refuses */
export function checkInstances(server: string, instances: TangoInstances): void {
  const names = Object.keys(instances);
  if (names.length === 0) throw new Error(`${server}: has no instance; name one, with its devices`);
  const taken = new Map<string, string>();
  for (const name of names) {
    const object = instanceName(server, name);
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(object))
      throw new Error(
        `${server}: the instance ${JSON.stringify(name)} gives no name of an object, ${object}; use letters, digits, "_" and "-", at most 63 with the server's name`,
      );
    const other = taken.get(object);
    if (other !== undefined)
      throw new Error(`${server}: the instances ${other} and ${name} would both be ${object}; rename one`);
    taken.set(object, name);
  }
  checkDevices(server, instances);
}

/** Tango does not distinguish upper case from lower case. */
function checkDevices(server: string, instances: TangoInstances): void {
  const owners = new Map<string, string>();
  for (const [name, instance] of Object.entries(instances)) {
    const devices = devicesOf(instance);
    if (devices.length === 0) throw new Error(`${server}: the instance ${name} has no device; name one`);
    for (const device of devices) {
      const key = checkedDevice(device).toLowerCase();
      const owner = owners.get(key);
      if (owner !== undefined)
        throw new Error(`${server}: the device ${device} is of ${owner} and of ${name}; one process has it`);
      owners.set(key, name);
    }
  }
}
