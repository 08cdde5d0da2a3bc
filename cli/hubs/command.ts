import type { Command } from "commander";
import type { LeaveOptions, HubsOptions } from "./run";

export function addHubs(program: Command): void {
  const hubs = program
    .command("hubs")
    .description("people of a hub leave, or change their names, on the kubeconfig of the caller");
  hubs
    .command("leave")
    .description("stop a person's servers, and delete the person with all tokens and sessions")
    .argument("<stack>", "name of the stack")
    .argument("<hub>", "a key of apps.hub.hubs")
    .argument("<person>", "as the hub calls the person")
    .option("--export", "first store a copy of the home in the bucket of apps.hub.backups")
    .option("--home <what>", "keep or delete the volumes of the home", "keep")
    .option("--kubeconfig <file>", "else what kubectl uses")
    .action(async (stack: string, hub: string, person: string, options: LeaveOptions) => {
      console.log(await (await import("./run")).leave({ stack, hub, person }, options));
    });
  hubs
    .command("rename")
    .description("give a person another name; the home stays the person's")
    .argument("<stack>", "name of the stack")
    .argument("<hub>", "a key of apps.hub.hubs")
    .argument("<person>", "as the hub calls the person")
    .argument("<to>", "the new name")
    .option("--kubeconfig <file>", "else what kubectl uses")
    .action(async (stack: string, hub: string, person: string, to: string, options: HubsOptions) => {
      console.log(await (await import("./run")).rename({ stack, hub, person }, to, options));
    });
}
