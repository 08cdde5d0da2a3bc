/** A container of every user's pod in `apps.userPods`. */
import { z } from "zod";
import { chosenImage } from "../../../environment/schema/images";
import { dnsLabel, mountPoint, port } from "../../../environment/schema/primitives";
import { bytes, cpu } from "../../../environment/schema/quantities";
import { line } from "../../../environment/schema/texts";

const variable = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]{0,254}$/,
    "is not the name of a variable; use letters, digits and _, not starting with a digit",
  );

const amounts = <Amount extends z.ZodType<string, string>>(amount: Amount, request: string, limit: string) =>
  z.strictObject({ request: amount.default(request as never), limit: amount.default(limit as never) });

/** Which user its processes are. */
const runsAs = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("user").describe("The user's UID and GID, from the start.") }),
  z.strictObject({
    kind: z
      .literal("puid")
      .describe(
        "For images that start as root and change to PUID and PGID: an exception, for which the namespace enforces the Pod Security level baseline.",
      ),
    reason: line("why the image cannot start as the user"),
  }),
]);

const mount = z.strictObject({
  path: mountPoint,
  readOnly: z.boolean().default(false).describe("Whether the container can only read there."),
});

export const containerSchema = z.strictObject({
  image: chosenImage,
  args: z.array(line("an argument", 2000)).optional().describe("Default: the image's own."),
  port: port.optional().describe("On which it listens, by TCP."),
  env: z.record(variable, line("a value", 2000)).default({}).describe("Anyone in the namespace can read it."),
  runsAs: runsAs.default({ kind: "user" }),
  mounts: z.record(dnsLabel, mount).default({}).describe("By the name of the volume."),
  scratch: z
    .record(mountPoint, bytes)
    .default({})
    .describe("Empty folders with their sizes, for programs that write outside of volumes: /tmp."),
  cpu: amounts(cpu, "100m", "1").prefault({}),
  memory: amounts(bytes, "256Mi", "2Gi").prefault({}),
});

export type ContainerConfig = z.output<typeof containerSchema>;
