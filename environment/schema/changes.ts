/** Changes that would disturb what runs, and that a person has allowed. */
import { z } from "zod";
import { DISRUPTIONS } from "../changes";
import { line } from "./texts";

const allowance = z.strictObject({
  resource: z
    .string()
    .regex(
      /^[a-z][A-Za-z0-9./*-]{0,252}$/,
      "is not the key of a resource; copy it from the error that stopped the change",
    )
    .describe("Key of the resource, such as server/workers.general/0; * matches any characters."),
  change: z
    .enum(DISRUPTIONS)
    .describe(
      "restart: in place, all at once. replace: recreated, without its content. interrupt: in place, with a break. later: only when it is rolled. release: Kubernetes in another order than release by release.",
    ),
  to: z
    .union([line("the new value", 4096), z.number()])
    .transform(String)
    .describe("The new value: another change needs another allowance."),
});

export const changes = z.strictObject({
  allow: z
    .array(allowance)
    .default([])
    .describe("One for each change; copy it from the error, and remove it when the change is done."),
});
