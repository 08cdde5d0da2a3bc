import type { Command } from "commander";
import { collected } from "../shared/options";
import type { VerifyCommandOptions } from "./run";

export function addVerify(program: Command): void {
  program
    .command("verify")
    .description(
      "smoke tests on the running cluster: NodePort, volumes, shared files, DNS, ingress; cleans up after itself",
    )
    .argument("[stack]", "name of the stack", "prod")
    .option("--json", "print the results as JSON")
    .option("--only <check>", "only this check; may be given several times", collected)
    .option("--image <image>", "image of the pods, with sh, httpd and nslookup; else busybox")
    .option("--fio-image <image>", "image with fio, for a benchmark of each StorageClass")
    .option("--patience <factor>", "multiply the limits of all checks")
    .action(async (stack: string, options: VerifyCommandOptions) => {
      await (await import("./run")).runVerify(stack, options);
    });
}
