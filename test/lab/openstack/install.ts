/**
 * `node --import tsx test/lab/openstack/install.ts`: the packages that up.sh needs, so that a machine where they cannot be
 * had is known from services that do not start. Prints the reason and ends with 1 if they cannot.
 */
import { readFileSync } from "node:fs";
import { installDeclared } from "../host/programs";
import "./programs";

function main(): void {
  const os = readFileSync("/etc/os-release", "utf8");
  const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(os)?.[1] ?? "another system";
  if (!/^ID=debian$/m.test(os) || !/^VERSION_ID="12"$/m.test(os))
    throw new Error(`it needs OpenStack as Debian 12 has it, this is ${name}`);
  installDeclared();
}

try {
  main();
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
