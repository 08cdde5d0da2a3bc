/** A stack holds one lab. */
import * as pulumi from "@pulumi/pulumi";
import { Problem } from "../errors/problem";

/** Names of the labs, by the root resource of the run: a process may run several programs. */
const names = new WeakMap<pulumi.Resource, string>();

/**
 * Records a lab of the program that is running.
 * @throws Problem for the second lab of a stack: resources of both would have the same URNs
 */
export function claimStack(name: string): void {
  const stack = pulumi.runtime.getStackResource();
  if (stack === undefined) return;
  const first = names.get(stack);
  if (first !== undefined)
    throw new Problem(
      `Lab "${name}": this stack has the lab "${first}" already, and a stack holds one: resources of both would have the ` +
        `same URNs; move one of them to a program with a stack of its own`,
    );
  names.set(stack, name);
}
