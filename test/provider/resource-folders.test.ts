/** Holds the pattern of the provider's resources: the same four files in each folder, each token registered once. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { labsteadPackage, NOTHING_MADE } from "../../provider/labstead";

const PROVIDER = join(__dirname, "../../provider");

/** What every folder of a resource holds; helpers beside them have names of their own. */
const FILES = ["handler.ts", "inputs.ts", "resource.ts", "token.ts"];

const FOLDERS = readdirSync(PROVIDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((folder) => FILES.some((file) => existsSync(join(PROVIDER, folder, file))));

interface Token {
  /** Name of the constant. */
  readonly constant: string;
  readonly token: string;
}

function tokensOf(folder: string): readonly Token[] {
  const exported: object = jest.requireActual(join(PROVIDER, folder, "token.ts"));
  return Object.entries(exported).map(([constant, token]) => ({ constant, token: String(token) }));
}

/** Types begin with a capital letter, functions do not. */
function typesOf(folder: string): readonly Token[] {
  return tokensOf(folder).filter(({ token }) => /^labstead:index:[A-Z]\w+$/.test(token));
}

function notProbed(): never {
  throw new Error("nothing is probed here");
}

describe("the resources of our provider", () => {
  it("are in ten folders", () => {
    expect(FOLDERS).toEqual([
      "apply-set",
      "change-guard",
      "cluster-init",
      "cluster-made",
      "cluster-ready",
      "etcd",
      "machine-files",
      "rollout",
      "server-ready",
      "tenant-protection",
    ]);
  });

  it.each(FOLDERS)("%s has the four files", (folder) => {
    const present = readdirSync(join(PROVIDER, folder)).filter((file) => FILES.includes(file));
    expect(present.sort()).toEqual(FILES);
  });

  it.each(FOLDERS)("%s has one type token, registered once", (folder) => {
    const source = readFileSync(join(PROVIDER, "labstead.ts"), "utf8");
    const registrations = typesOf(folder).map(({ constant }) => source.split(`[${constant}, `).length - 1);
    expect(registrations).toEqual([1]);
  });

  it("share no token", () => {
    const tokens = FOLDERS.flatMap((folder) => tokensOf(folder).map(({ token }) => token));
    expect(tokens).toEqual([...new Set(tokens)]);
  });

  it("are all served", async () => {
    const handler = labsteadPackage({
      probe: notProbed,
      namespaceProbe: notProbed,
      nodes: {
        find: notProbed,
        cordon: notProbed,
        pods: notProbed,
        evict: notProbed,
        remove: notProbed,
      },
      cloud: NOTHING_MADE,
      machines: { kind: "none", because: "there are no machines" },
    });
    const configured = await handler.configure({ urn: "", inputs: {} });
    const types = FOLDERS.flatMap((folder) => typesOf(folder).map(({ token }) => token));
    expect(types.filter((type) => configured.resource(type) === undefined)).toEqual([]);
  });
});
