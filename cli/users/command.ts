import type { Command } from "commander";
import type { UsersOptions } from "./run";

export function addUsers(program: Command): void {
  const users = program
    .command("users")
    .description("start, stop and list the pods of users, on the kubeconfig of the caller");
  add(users, "start", "start a user's pod, and wait until it is ready");
  add(users, "stop", "stop a user's pod, and wait until it is gone");
  add(users, "list", "list the pods that the caller may see");
  addDirectory(users);
}

/** What needs the directory of the configuration, and no cluster. */
function addDirectory(users: Command): void {
  users
    .command("add")
    .description("look users up in the directory, and write their UIDs into the stack's file")
    .argument("<stack>", "name of the stack")
    .argument("<user...>", "name, or name=<name in the directory>")
    .action(async (stack: string, names: readonly string[]) => {
      await (await import("./directory/run")).runAdd(stack, names);
    });
  users
    .command("check")
    .description("compare the UIDs of the stack's file with the directory")
    .argument("[stack]", "name of the stack", "prod")
    .action(async (stack: string) => {
      await (await import("./directory/run")).runCompare(stack);
    });
}

function add(users: Command, action: "start" | "stop" | "list", description: string): void {
  const command = users
    .command(action)
    .description(description)
    .argument("[stack]", "name of the stack", "prod")
    .option("--namespace <namespace>", "of the pods; else that of the stack's configuration")
    .option("--kubeconfig <file>", "else $KUBECONFIG, else ~/.kube/config")
    .option("--gid <gid>", "only if the user's primary group is this one");
  if (action !== "list")
    command
      .option("--uid <uid>", "of the user; else of the caller, by the name in the Kubernetes API")
      .option("--wait <seconds>", "how long to wait", "300");
  command.action(async (stack: string, options: UsersOptions) => {
    await (await import("./run")).runUsers(action, stack, options);
  });
}
