/** `apps.hub.backups`: where copies of the hubs' databases, and of people's files, go. */
import { z } from "zod";
import { identityWord, webAddress } from "../../../environment/schema/texts";
import { checkSchedule } from "../../../kit/cron";

const schedule = z
  .string()
  .refine(
    isSchedule,
    "is not a schedule; write minute, hour, day of the month, month and day of the week in UTC, such as 17 2 * * *",
  );

const keep = (what: string) =>
  z
    .int(`is not a whole number; write how many copies of each ${what} are kept`)
    .min(1, `is less than 1; write how many copies of each ${what} are kept`)
    .max(1000, "is more than 1000; write 1000 or less");

export const backupsSchema = z.strictObject({
  endpoint: webAddress(
    "https",
    "is not an https URL; write the S3 address of the object store, such as https://objects.example.org",
  ).describe(
    "The S3 interface of the object store. Its keys are given by pulumi config set --secret labstead:hub-backups-access-key and labstead:hub-backups-secret-key.",
  ),
  region: identityWord("a region of the object store")
    .default("us-east-1")
    .describe(
      "What the store signs requests for; Ceph and Swift take us-east-1 unless they were set up otherwise.",
    ),
  bucket: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      "is not a bucket; write its name, 3 to 63 lower-case letters, digits, dots and hyphens",
    )
    .describe(
      "The object container; it has to exist, such as one of `containers`, which is named <environment>-<key>.",
    ),
  schedule: schedule
    .default("17 2 * * *")
    .describe("When every database is copied, as cron writes it, in UTC."),
  keep: keep("database")
    .default(30)
    .describe("Copies of each database that are kept; older ones are deleted after a new one is stored."),
  homes: z
    .strictObject({
      schedule: schedule
        .default("17 3 * * *")
        .describe("When all files are copied, as cron writes it, in UTC."),
      keep: keep("home").default(7).describe("Copies of each home that are kept."),
    })
    .optional()
    .describe(
      "Copies of people's files, of homes of kind drive and shared; those of kind claim are a volume each, of which Cinder makes snapshots. Default: none.",
    ),
});

export type BackupsConfig = z.output<typeof backupsSchema>;

function isSchedule(text: string): boolean {
  try {
    checkSchedule("schedule", text);
    return true;
  } catch {
    return false;
  }
}
