/** Once before all tests of Jest's project openstack. */
import { installDeclared } from "../host/programs";
import { OpenStackLab } from "./openstack-lab";

declare global {
  /** From the set-up to the tear-down, which run in one process. */
  var labsteadOpenStack: OpenStackLab | undefined;
}

export default async function setUp(): Promise<void> {
  const began = Date.now();
  installDeclared();
  globalThis.labsteadOpenStack = await OpenStackLab.up();
  process.stderr.write(`OpenStack is up after ${Math.round((Date.now() - began) / 1000)} s\n`);
}
