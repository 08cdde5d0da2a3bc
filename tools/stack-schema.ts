/** Renews `environment/stack.schema.json`, the JSON Schema that editors read. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environments } from "../catalog";

const SCHEMA_FILE = join(__dirname, "../environment/stack.schema.json");
export const RENEW_COMMAND = "node --import tsx tools/stack-schema.ts --write";

/** The schema in the repository. */
export function writtenSchema(): unknown {
  return JSON.parse(readFileSync(SCHEMA_FILE, "utf8"));
}

async function write(): Promise<void> {
  const { format } = await import("prettier");
  const text = JSON.stringify(environments.stackSchema());
  writeFileSync(SCHEMA_FILE, await format(text, { parser: "json", printWidth: 110 }));
}

if (require.main === module && process.argv.includes("--write")) void write();
