/**
 * The JSON Schema of a whole `Pulumi.<stack>.yaml`, for editors: it completes keys, shows their purpose, and marks
 * invalid values before anything runs. The checks compare keys with each other.
 */
import { z } from "zod";
import type { EnvironmentSchemas } from "./parse";

type JsonSchema = Readonly<Record<string, unknown>>;

/** Schema of a stack's file: `labstead:environment` in one of its three kinds, and any other key of Pulumi. */
export function stackSchema({ owner, tenant, existing }: EnvironmentSchemas): JsonSchema {
  const environment = {
    description:
      "One environment: an owner of infrastructure and cluster, a tenant of another one's cluster, or applications on an existing cluster.",
    oneOf: ["owner", "tenant", "existing"].map((kind) => ({ $ref: `#/definitions/${kind}` })),
  };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A stack of Labstead",
    type: "object",
    properties: {
      config: {
        description: "Configuration of the stack; keys of other programs and providers are their own.",
        type: "object",
        properties: { "labstead:environment": environment },
        required: ["labstead:environment"],
        additionalProperties: true,
      },
    },
    required: ["config"],
    additionalProperties: true,
    definitions: {
      owner: definition(owner, "An environment that owns its infrastructure and cluster"),
      tenant: definition(tenant, "An environment that shares another one's cluster"),
      existing: definition(existing, "An environment on a cluster that somebody else made"),
    },
  };
}

/** Draft 7, which editors' YAML support knows best; as input, so that keys with a default are optional. */
function definition(schema: z.ZodType, title: string): JsonSchema {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return { title, ...rest };
}
