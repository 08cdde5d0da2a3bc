/** The least value that a schema takes. */
import { z } from "zod";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const TEXTS: readonly string[] = [
  "sample",
  "sample.example.org",
  "10.77.0.0/24",
  "10.77.0.7",
  "00000000-0000-4000-8000-000000000007",
  "500m",
  "3Gi",
  "/sample",
  "/dev/sdz",
  "1.36",
  "1.36.3",
  "7",
  "sample.example.org/device",
  "https://sample.example.org/debian",
  "registry.example.org/k8s",
  "10.77.0.7:6789",
  "10.77.0.7@tcp",
  "http://sample.example.org:3128",
  "https://sample.example.org/may?user={user}",
  "uid={name},ou=sample",
  "2.2.*",
  "0.05/hour",
  "EUR",
  "/sample/",
  "17 2 * * *",
  "Sample.trait",
  "2027-06-30T00:00:00Z",
  "DE15B14486CD377B9E876E1A234654DA9A296436",
  "ldaps://ldap.example.org",
  "4TrNTbm9dRCsHEnMDh8q7Ck83JYD5ycnKI0BCP7yvXQ=",
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJTiuk0bHDhqffQyDqRLlP/CBnYTRywTFkgdxGRXPJgi sample",
  "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----\n",
  readFileSync(join(__dirname, "sample-authority.pem"), "utf8"),
];
const NUMBERS: readonly number[] = [1, 2, 20, 100, 1450, 30048];

/**
 * @param taken texts that it may not be
 * @throws Error for a text or number of which none is known: add one above
 */
export function sampleOf(schema: z.ZodType, taken: readonly string[] = []): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return sampleOf(schema.unwrap() as z.ZodType, taken);
  if (schema instanceof z.ZodPipe) return sampleOf(schema.in as z.ZodType, taken);
  if (schema instanceof z.ZodObject) return requiredOf(schema);
  if (schema instanceof z.ZodRecord) return {};
  if (schema instanceof z.ZodArray) return listOf(schema);
  if (schema instanceof z.ZodUnion) return sampleOf(schema.options[0] as z.ZodType, taken);
  if (schema instanceof z.ZodLiteral || schema instanceof z.ZodEnum || schema instanceof z.ZodBoolean)
    return first(schema, [true, ...choicesOf(schema)]);
  const texts = TEXTS.filter((text) => !taken.includes(text));
  return first(schema, [...texts, ...TEXTS.map((text) => `${text}-2`), ...NUMBERS]);
}

function choicesOf(schema: z.ZodType): readonly unknown[] {
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  return schema instanceof z.ZodEnum ? schema.options : [];
}

function requiredOf(schema: z.ZodObject): Readonly<Record<string, unknown>> {
  const fields = Object.entries(schema.shape).filter(
    ([, field]) => !(field as z.ZodType).safeParse(undefined).success,
  );
  return Object.fromEntries(fields.map(([key, field]) => [key, sampleOf(field as z.ZodType)]));
}

function listOf(schema: z.ZodArray): readonly unknown[] {
  return schema.safeParse([]).success ? [] : [sampleOf(schema.element as z.ZodType)];
}

function first(schema: z.ZodType, candidates: readonly unknown[]): unknown {
  const found = candidates.find((each) => schema.safeParse(each).success);
  if (found === undefined) throw new Error(`no sample fits ${JSON.stringify(z.toJSONSchema(schema))}`);
  return found;
}
