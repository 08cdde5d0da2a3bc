/** `labstead new`: a repository of a lab's own, which uses Labstead at this version as a package. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { dnsLabel } from "../../environment/schema/primitives";
import { reasonOf, UserError } from "../shared/failure";

export interface NewOptions {
  /** Name of the project. @default the folder's name */
  readonly name?: string;
}

const versions = z.record(z.string(), z.string());
const packageFile = z.object({ version: z.string(), dependencies: versions, devDependencies: versions });
type Package = z.output<typeof packageFile>;

/** Files of the template, by the path that they get. npm packs no `.gitignore` under its own name. */
const TEMPLATE: Readonly<Record<string, string>> = {
  "index.ts": "index.ts",
  "tsconfig.json": "tsconfig.json",
  "Pulumi.yaml": "Pulumi.yaml",
  "README.md": "README.md",
  ".gitignore": "gitignore",
  ".github/workflows/preview.yml": "preview.yml",
  ".github/workflows/drift.yml": "drift.yml",
  "operations/drift-cronjob.yaml": "drift-cronjob.yaml",
  ".gitlab-ci.yml": "gitlab-ci.yml",
};

/** The product's own stack files, the starting point of a lab's. */
const STACK_FILES = ["Pulumi.prod.yaml", "Pulumi.test.yaml"];

/**
 * Writes a new repository.
 * @throws UserError for a folder that is not empty, or a name that is not allowed; nothing is written then
 */
export function runNew(folder: string, options: NewOptions): void {
  const directory = resolve(folder);
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new UserError(`${folder} is not empty; name a new folder, or an empty one`);
  const name = projectName(options.name ?? basename(directory));
  writeFolder(directory, newFiles(name));
  console.log(`${name} is in ${folder}; next: cd ${folder}, npm install, npx --no-install labstead check`);
}

/** Completely or not at all: written into a folder inside first, then moved. */
function writeFolder(directory: string, files: Readonly<Record<string, string>>): void {
  const made = mkdirSync(directory, { recursive: true });
  const staging = join(directory, ".labstead-new");
  try {
    for (const [path, content] of Object.entries(files)) {
      const file = join(staging, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  } catch (error) {
    rmSync(made ?? staging, { recursive: true, force: true });
    throw new UserError(`${directory}: cannot be written, nothing was changed: ${reasonOf(error)}`);
  }
  for (const name of readdirSync(staging)) renameSync(join(staging, name), join(directory, name));
  rmdirSync(staging);
}

function projectName(name: string): string {
  const parsed = dnsLabel.safeParse(name);
  if (parsed.success) return name;
  throw new UserError(`--name: "${name}" ${parsed.error.issues[0]?.message ?? "is not a valid name"}`);
}

/** Contents by path. */
function newFiles(name: string): Readonly<Record<string, string>> {
  const root = dirname(require.resolve("labstead/package.json"));
  const product = packageFile.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const templates = Object.entries(TEMPLATE).map(([path, source]) => {
    const text = readFileSync(join(root, "template", source), "utf8");
    return [path, text.replaceAll("LAB_NAME", name).replaceAll("LABSTEAD_VERSION", product.version)] as const;
  });
  const stacks = STACK_FILES.map((file) => [file, ofNewLab(readFileSync(join(root, file), "utf8"))] as const);
  return {
    "package.json": packageText(name, product),
    ".nvmrc": "20\n",
    ...Object.fromEntries([...templates, ...stacks]),
  };
}

/** The controller of a lab that has run for years, with the comment that says so. */
const RUNNING_INGRESS = /^ *# A lab that runs keeps its controller.*\n *ingress: \{kind: ingress-nginx\}\n/m;

/**
 * The stack file of a new lab: with the ingress controller of new ones. Comments of the product's files name its schema
 * and documents, which are in the package here.
 */
function ofNewLab(text: string): string {
  return text
    .replace(RUNNING_INGRESS, "    ingress: {kind: traefik}\n")
    .replace("$schema=./", "$schema=./node_modules/labstead/dist/")
    .replaceAll("(docs/", "(node_modules/labstead/docs/");
}

/**
 * The Pulumi SDK and tsx at the product's own versions: two copies of the SDK in one program do not recognize each
 * other.
 */
function packageText(name: string, { version, dependencies, devDependencies }: Package): string {
  const pick = (from: Readonly<Record<string, string>>, ...names: readonly string[]) =>
    Object.fromEntries(names.map((each) => [each, from[each]]));
  const content = {
    name,
    version: "0.0.0",
    private: true,
    type: "commonjs",
    engines: { node: ">=20.11" },
    scripts: { types: "tsc --noEmit" },
    dependencies: { labstead: version, ...pick(dependencies, "@pulumi/pulumi", "tsx") },
    devDependencies: pick(devDependencies, "@types/node", "typescript"),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
