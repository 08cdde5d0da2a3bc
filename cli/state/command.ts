import type { Command } from "commander";

export function addState(program: Command): void {
  const state = program
    .command("state")
    .description("where the state is, who holds its lock, and copies of it");
  addShow(state);
  addUse(state);
  addInit(state);
  addBackup(state);
  addRestore(state);
}

function addShow(state: Command): void {
  state
    .command("show")
    .description("say where a stack's state is, who holds its lock, and what is open in it")
    .argument("<stack>")
    .action(async (stack: string) => {
      await (await import("./run")).runShow(stack);
    });
}

function addUse(state: Command): void {
  state
    .command("use")
    .description("write what labstead.state of Pulumi.yaml chooses into its backend.url")
    .action(async () => {
      (await import("./run")).runUse();
    });
}

function addInit(state: Command): void {
  state
    .command("init")
    .description("make a stack whose secrets are encrypted as labstead.state chooses")
    .argument("<stack>")
    .action(async (stack: string) => {
      await (await import("./run")).runInit(stack);
    });
}

function addBackup(state: Command): void {
  state
    .command("backup")
    .description("copy a stack's state to a file; its secrets stay encrypted")
    .argument("<stack>")
    .option("--to <folder>", "where to", "state-backup")
    .action(async (stack: string, options: { readonly to: string }) => {
      await (await import("./run")).runBackup(stack, options);
    });
}

function addRestore(state: Command): void {
  state
    .command("restore")
    .description("take a stack's state from a file")
    .argument("<stack>")
    .argument("<file>")
    .option("--older", "also one that is older than the state")
    .action(async (stack: string, file: string, options: { readonly older?: true }) => {
      await (await import("./run")).runRestore(stack, file, options);
    });
}
