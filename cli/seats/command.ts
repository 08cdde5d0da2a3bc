import { InvalidArgumentError, type Command } from "commander";
import type { SeatOptions } from "./run";

/** Minutes that a node of a common cloud takes from its request until it takes pods. */
const NODE_MINUTES = 5;

export function addSeats(program: Command): void {
  program
    .command("seats")
    .description("print how many people's servers fit on the nodes, and what ends first")
    .argument("[stack]", "name of the stack", "prod")
    .option("-f, --file <path>", "read this stack file instead")
    .option("--class <people>", "whether a class of so many finds its seats", count)
    .option("--within <minutes>", "in which the class comes", count)
    .option("--node-minutes <minutes>", "until a node that is added takes pods", count, NODE_MINUTES)
    .option("--json", "print it as data")
    .action(async (stack: string, options: SeatOptions) => {
      (await import("./run")).runSeats(stack, options);
    });
}

function count(text: string): number {
  if (/^[1-9][0-9]{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a whole number from 1 to 99999.");
}
