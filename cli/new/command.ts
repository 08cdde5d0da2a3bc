import type { Command } from "commander";
import type { NewOptions } from "./run";

export function addNew(program: Command): void {
  program
    .command("new")
    .description("make a lab's own repository, which uses this version of Labstead as a package")
    .argument("<folder>", "a new or an empty folder")
    .option("--name <name>", "name of the project; else the folder's")
    .action(async (folder: string, options: NewOptions) => {
      (await import("./run")).runNew(folder, options);
    });
}
