/** What the pods of a control system wait for, each by a container that runs before theirs. */
import { assertNever } from "../../errors/assert-never";
import { HELPER_RESOURCES, pinnedImage, type TaskContainerSpec } from "../../kit";
import { TANGO_IMAGES } from "./images";
import { TANGO_USER, type TangoHost } from "./place";

/** Something that has to be there first. */
export type TangoDependency =
  /** A device that answers: `mid-sdp/control/0`. */
  | { readonly kind: "device"; readonly device: string }
  /** A port that is open: of a database, a message queue. */
  | { readonly kind: "host"; readonly host: string; readonly port: number };

/** What is asked for, in words and as a command of bash. */
export interface Check {
  readonly what: string;
  readonly command: string;
}

/** A device that is written in the Tango database, whether its server runs or not. */
export function untilDefined(name: string, device: string, host: TangoHost): TaskContainerSpec {
  const what = `the device ${device} in the Tango database`;
  return waiting(name, { what, command: `tango_admin --check-device ${checkedDevice(device)}` }, host);
}

export function untilThere(name: string, dependency: TangoDependency, host: TangoHost): TaskContainerSpec {
  return waiting(name, checkOf(dependency), host);
}

/** @throws Error on a name of a device or host that the shell could read as something else */
export function checkOf(dependency: TangoDependency): Check {
  switch (dependency.kind) {
    case "device": {
      const device = checkedDevice(dependency.device);
      return { what: `the device ${device}`, command: `tango_admin --ping-device ${device}` };
    }
    case "host": {
      const [host, port] = [checkedHost(dependency.host), String(dependency.port)];
      const command = `timeout 2 bash -c '</dev/tcp/${host}/${port}' 2>/dev/null`;
      return { what: `${host}:${port}`, command };
    }
    default:
      return assertNever(dependency);
  }
}

/**
 * Tried every two seconds. After five minutes the container fails with a message, and the kubelet starts it again: a pod
 * that waits is seen as `Init:Error` with a reason in its log, and not as one that starts for ever.
 */
export function waitScript({ what, command }: Check): string {
  return [
    "for try in $(seq 150); do",
    `  if ${command}; then exit 0; fi`,
    "  sleep 2",
    "done",
    `echo "not there after five minutes: ${what}" >&2`,
    "exit 1",
  ].join("\n");
}

/** Three parts, of the characters that Tango takes and no shell knows. */
const DEVICE = /^[A-Za-z0-9_.+-]+(\/[A-Za-z0-9_.+-]+){2}$/;
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** @throws Error on what is no name of a device */
export function checkedDevice(device: string): string {
  if (DEVICE.test(device)) return device;
  throw new Error(
    `${JSON.stringify(device)} is no name of a device; write domain/family/member, such as sys/tg_test/1`,
  );
}

function checkedHost(host: string): string {
  if (HOST.test(host)) return host;
  throw new Error(`${JSON.stringify(host)} is no host name or IPv4 address`);
}

function waiting(name: string, check: Check, { tangoHost }: TangoHost): TaskContainerSpec {
  return {
    name,
    image: pinnedImage(TANGO_IMAGES.dsconfig),
    command: ["bash", "-c", waitScript(check)],
    env: { TANGO_HOST: tangoHost },
    resources: HELPER_RESOURCES,
    user: TANGO_USER,
  };
}
