/** A part is a folder and a line of the catalog. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../../tools/toolchain/executables";

test.each(["platform/cluster", "apps"])("every part in %s has its line in the catalog", (folder) => {
  const parts = readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("/part.ts"))
    .map((path) => `from "./${folder}/${path.replace(/\.ts$/, "")}"`);
  const catalog = readFileSync(join(REPOSITORY, "catalog.ts"), "utf8");
  expect(parts).not.toEqual([]);
  expect(parts.filter((line) => !catalog.includes(line))).toEqual([]);
});
