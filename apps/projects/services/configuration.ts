/** `services` of a project: programs that people bring themselves. */
import { z } from "zod";
import { port } from "../../../environment/schema/primitives";
import { publicPage } from "../stacks/configuration";

export const serviceSchema = z.strictObject({
  port: port.describe("At which the pods listen."),
  public: publicPage,
});

export type ServiceConfig = z.output<typeof serviceSchema>;
