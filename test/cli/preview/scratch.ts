/** A lab's own repository in a temporary folder, with a bare remote and a branch for each change. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../command";

type Edit = (folder: string) => void;

/** Changes the text of a file. @throws Error if it does not contain what is replaced */
const replaced =
  (file: string, from: string, to: string): Edit =>
  (folder) => {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
    writeFileSync(path, text.replace(from, to));
  };

const written =
  (file: string, text: string): Edit =>
  (folder) => {
    writeFileSync(join(folder, file), text);
  };

const OWNER = "Pulumi.lab.yaml";

const TENANT = `      beta:
        slot: 1
        ingress: {http: 31180, https: 31543}
        namespaces: [betalab]
    apps:
`;

/** Changes that reviewers get, by the names of their branches. */
export const BRANCHES: Readonly<Record<string, readonly Edit[]>> = {
  "scale-workers": [replaced(OWNER, "          min: 1\n", "          min: 2\n")],
  "open-port": [
    replaced(
      OWNER,
      "    tenants:\n",
      "    ports:\n      published:\n        mail: {external: 993, nodePort: 30993, from: [198.51.100.0/24]}\n    tenants:\n",
    ),
  ],
  "rename-volume": [replaced(OWNER, "            data: {size", "            scratch: {size")],
  "over-quota": [replaced(OWNER, "          min: 1\n", "          min: 3\n")],
  "move-code": [
    replaced(OWNER, "{vcpus: 1, ramMiB: 2048, diskGiB: 20}", "{diskGiB: 20, ramMiB: 2048, vcpus: 1}"),
    replaced(OWNER, "# A small lab for previews, with one tenant.", "# The lab of the institute."),
    written(
      "lab-program.ts",
      'import { program } from "labstead";\n\nexport const labProgram = () => program();\n',
    ),
    written("index.ts", 'import { labProgram } from "./lab-program";\n\nexport = () => labProgram();\n'),
  ],
  "change-authentication": [replaced(OWNER, "https://datalabs.eu.auth0.com/", "https://id.example.org/")],
  "add-tenant": [
    replaced(OWNER, "    apps:\n", TENANT),
    (folder) => {
      cpSync(join(folder, "Pulumi.test.yaml"), join(folder, "Pulumi.beta.yaml"));
    },
    replaced(
      "Pulumi.beta.yaml",
      "    flavors:\n",
      "    ingress: {http: 31180, https: 31543}\n    flavors:\n",
    ),
  ],
  "remove-tenant-file": [
    (folder) => {
      rmSync(join(folder, "Pulumi.test.yaml"));
    },
  ],
  "only-documents": [written("README.md", "# The lab\n")],
};

export interface Scratch {
  readonly clone: string;
  readonly remove: () => void;
}

/** The working tree is at main; `origin` has every branch. */
export function scratchRepository(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "labstead-scratch-"));
  const [remote, clone] = [join(folder, "remote.git"), join(folder, "clone")];
  git(folder, "init", "--quiet", "--bare", "--initial-branch=main", remote);
  git(folder, "clone", "--quiet", remote, clone);
  writeLab(clone);
  commit(clone, "main");
  for (const [branch, edits] of Object.entries(BRANCHES)) {
    git(clone, "checkout", "--quiet", "-b", branch, "main");
    for (const edit of edits) edit(clone);
    commit(clone, branch);
  }
  git(clone, "checkout", "--quiet", "main");
  return {
    clone,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As `labstead new` and `npm install` make it; the package is this repository. */
function writeLab(clone: string): void {
  cpSync(join(__dirname, "lab"), clone, { recursive: true });
  for (const file of ["index.ts", "tsconfig.json"]) cpSync(join(ROOT, "template", file), join(clone, file));
  writeFileSync(join(clone, ".gitignore"), "node_modules/\n");
  writeFileSync(join(clone, "package.json"), '{ "name": "scratch", "private": true }\n');
  writeFileSync(
    join(clone, "Pulumi.yaml"),
    readFileSync(join(ROOT, "template/Pulumi.yaml"), "utf8").replaceAll("LAB_NAME", "scratch"),
  );
  const packages = join(clone, "node_modules");
  mkdirSync(join(packages, "labstead"), { recursive: true });
  for (const name of ["tsx", "@pulumi"]) symlinkSync(join(ROOT, "node_modules", name), join(packages, name));
  const load = JSON.stringify(join(ROOT, "bin/load.js"));
  writeFileSync(join(packages, "labstead/index.js"), `module.exports = require(${load})("library/index");\n`);
}

export function git(folder: string, ...args: readonly string[]): void {
  const author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...author, ...args], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
}

function commit(clone: string, message: string): void {
  git(clone, "add", "--all");
  git(clone, "commit", "--quiet", "--message", message);
  git(clone, "push", "--quiet", "origin", "HEAD");
}
