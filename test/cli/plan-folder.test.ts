/** What `labstead plan` deletes, and what it leaves alone. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { execFile, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { UserError } from "../../cli/shared/failure";
import { MANIFEST, renewFolder } from "../../cli/plan/plan-folder";
import { whileLocked } from "../../cli/plan/plan-lock";

let root = "";
let path = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "labstead-plan-folder-"));
  path = join(root, "out/prod");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Texts = Readonly<Record<string, string>>;

const PLAN = { "plan.txt": "one", "plan.json": "{}", "manifests/a.yaml": "a" };
const MORE = { ...PLAN, "user-data/prod-w-0.yaml": "w" };

function plan(files: Texts = PLAN, environment = "prod"): void {
  renewFolder({ path, environment, files: new Map(Object.entries(files)) });
}

/** Puts files of another owner into the root. */
function put(files: Texts): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

/** Every file below the root by its name, with its text. */
function all(): Texts {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const names = files.map((each) => join(each.parentPath, each.name));
  return Object.fromEntries(
    names.map((name) => [name.slice(root.length + 1), readFileSync(name, "utf8")] as const).sort(),
  );
}

function below(files: Texts): Texts {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`out/prod/${name}`, text]));
}

/** Runs a plan that is refused, and holds that nothing has changed. */
function refusedBy(files: Texts = MORE): string {
  const before = all();
  let message = "";
  try {
    plan(files);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    message = (error as Error).message.replaceAll(root, "");
  }
  expect(all()).toEqual(before);
  return message;
}

const WAY_ON = "; move it away, or let the plan be written elsewhere: -o <folder>. Nothing was changed";

describe("a plan's own folder", () => {
  it("holds the plan and the list of its files", () => {
    plan();
    const { [`out/prod/${MANIFEST}`]: list, ...files } = all();
    expect(files).toEqual(below(PLAN));
    expect(JSON.parse(list!)).toEqual({
      about:
        "Files that labstead plan wrote here, and deletes before it writes them again; it touches no others.",
      files: ["manifests/a.yaml", "plan.json", "plan.txt"],
    });
  });

  it("is rewritten: what the plan no longer has is gone, and so is a folder with nothing in it", () => {
    plan(MORE);
    plan({ "plan.txt": "two" });
    const { [`out/prod/${MANIFEST}`]: list, ...files } = all();
    expect(files).toEqual({ "out/prod/plan.txt": "two" });
    expect(list).not.toContain("user-data");
    expect(readdirSync(path).sort()).toEqual([MANIFEST, "plan.txt"]);
  });

  it("keeps foreign files there, beside the plan and in its folders", () => {
    plan(MORE);
    const notes = { "out/prod/notes.md": "mine", "out/prod/user-data/mine.yaml": "mine" };
    put(notes);
    plan();
    expect(all()).toMatchObject({ ...below(PLAN), ...notes });
  });

  it("may have lost files, or be empty, or not be there", () => {
    mkdirSync(path, { recursive: true });
    plan();
    rmSync(join(path, "manifests"), { recursive: true });
    plan(MORE);
    expect(all()).toMatchObject(below(MORE));
  });

  it("is still its own after a plan that was interrupted", () => {
    plan(MORE);
    const taken = join(path, "late.txt");
    const files = new Map(Object.entries({ ...PLAN, "late.txt": "late" }));
    // Somebody makes the file while the plan is being written.
    const racing = new Map(files);
    racing[Symbol.iterator] = () => {
      writeFileSync(taken, "theirs");
      return files.entries();
    };
    expect(() => renewFolder({ path, environment: "prod", files: racing })).toThrow(
      "late.txt: is a file that labstead plan did not write",
    );
    rmSync(taken);
    plan();
    const { [`out/prod/${MANIFEST}`]: _list, ...left } = all();
    expect(left).toEqual(below(PLAN));
  });
});

describe("what is not a plan's", () => {
  it("a folder with foreign files is refused, whatever they are called", () => {
    put({ "out/prod/README.md": "mine" });
    expect(refusedBy()).toBe(
      `/out/prod: is not empty, and labstead plan did not write it: it has no ${MANIFEST}${WAY_ON}`,
    );
    put({ "out/prod/plan.json": "{}" });
    expect(refusedBy()).toContain("labstead plan did not write it");
  });

  it("a file where the folder or its parent should be", () => {
    put({ "out/prod": "mine" });
    expect(refusedBy()).toBe(`/out/prod: is a file, and the plan needs a folder${WAY_ON}`);
    rmSync(join(root, "out"), { recursive: true });
    put({ out: "mine" });
    expect(refusedBy()).toMatch(/^\/out: cannot be a folder \(/);
  });

  it("a file under a name that the plan wants", () => {
    plan();
    put({ "out/prod/user-data/prod-w-0.yaml": "mine" });
    expect(refusedBy()).toBe(
      `/out/prod/user-data/prod-w-0.yaml: is a file that labstead plan did not write${WAY_ON}`,
    );
  });

  it("a link: of the folder, of a folder in it, of a file, of the list", () => {
    put({ "theirs/plan.txt": "theirs", "theirs/a.yaml": "theirs" });
    mkdirSync(join(root, "out"));
    symlinkSync(join(root, "theirs"), path);
    expect(refusedBy()).toBe(`/out/prod: is a link, and the plan needs a folder${WAY_ON}`);
    rmSync(path);
    plan();
    const replaced = (name: string, target: string) => {
      rmSync(join(path, name), { recursive: true });
      symlinkSync(join(root, target), join(path, name));
      return refusedBy();
    };
    expect(replaced("manifests", "theirs")).toContain("/out/prod/manifests: is a link, and the plan needs");
    rmSync(join(path, "manifests"));
    expect(replaced("plan.txt", "theirs/plan.txt")).toContain("/out/prod/plan.txt: is a link that labstead");
    rmSync(join(path, "plan.txt"));
    expect(replaced(MANIFEST, "theirs/plan.txt")).toContain(
      `/out/prod/${MANIFEST}: is not the list of a plan's files`,
    );
    expect(existsSync(join(root, "theirs/a.yaml"))).toBe(true);
  });

  it.each(["../stranger", "/etc/hostname", "a/../../stranger", "", "a//b", "./a", "a\\b", "a/", MANIFEST])(
    "a list with %j on it",
    (name) => {
      put({ "out/stranger": "theirs" });
      plan();
      writeFileSync(join(path, MANIFEST), JSON.stringify({ about: "", files: ["plan.txt", name] }));
      expect(refusedBy()).toBe(
        `/out/prod/${MANIFEST}: lists ${JSON.stringify(name)}, which is no file below its folder${WAY_ON}`,
      );
    },
  );

  it.each(["", "{", "[]", '{"files": "plan.txt"}', '{"about": "", "files": [1]}'])(
    "a list that reads %j",
    (text) => {
      plan();
      writeFileSync(join(path, MANIFEST), text);
      expect(refusedBy()).toBe(`/out/prod/${MANIFEST}: is not the list of a plan's files${WAY_ON}`);
    },
  );
});

describe("a folder of a version that wrote no list", () => {
  const json = JSON.stringify({ environment: "prod", servers: [{ name: "prod-old-0" }] });
  const old = { ...PLAN, "plan.json": json, "user-data/prod-old-0.yaml": "old" };

  it("is taken over when nothing else is in it", () => {
    put(below(old));
    plan(MORE);
    const { [`out/prod/${MANIFEST}`]: list, ...files } = all();
    expect(files).toEqual(below(MORE));
    expect(list).toContain("prod-w-0");
  });

  it("is refused with anything that no plan of it has", () => {
    put(below({ ...old, "manifests/mine.yaml": "", "a.md": "", "b.md": "", "c.md": "" }));
    expect(refusedBy()).toBe(
      `/out/prod: has no ${MANIFEST}, and holds "a.md", "b.md", "c.md" and 1 more beside the plan${WAY_ON}`,
    );
  });

  it("is refused when it is another environment's", () => {
    put(below({ ...old, "plan.json": json.replace("prod", "test") }));
    expect(refusedBy()).toContain("labstead plan did not write it");
  });
});

describe("whatever is in a folder", () => {
  const name = fc
    .array(fc.constantFrom("a", "b", "plan.txt", "plan.json", "manifests"), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join("/"));
  /** No file is a folder of another one. */
  const files = fc
    .uniqueArray(name, { maxLength: 6 })
    .map((names) => names.filter((each) => !names.some((other) => other.startsWith(`${each}/`))));

  it("survives a plan, unless a plan wrote it", () => {
    fc.assert(
      fc.property(files, files, files, (first, theirs, second) => {
        rmSync(join(root, "out"), { recursive: true, force: true });
        const texts = (names: readonly string[], text: string) =>
          Object.fromEntries(names.map((each) => [each, text]));
        plan(texts(first, "ours"));
        const clash = (one: string, other: string) =>
          one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
        const added = theirs.filter((each) => !first.some((other) => clash(each, other)));
        put(below(texts(added, "theirs")));
        try {
          plan(texts(second, "ours"));
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
        expect(all()).toMatchObject(below(texts(added, "theirs")));
      }),
      { numRuns: 60 },
    );
  });
});

describe("a disk that does not take the plan", () => {
  /** No file system has names of so many characters, so that writing fails in the middle of the plan. */
  const TOO_LONG = { "manifests/b.yaml": "b", [`${"x".repeat(300)}.yaml`]: "x" };

  it("leaves the old plan as it was", () => {
    plan(MORE);
    const message = refusedBy({ ...PLAN, "plan.txt": "two", ...TOO_LONG });
    expect(message).toMatch(/^\/out\/prod: the plan cannot be written \(ENAMETOOLONG: name too long, lstat /);
    expect(message).toMatch(
      /\); make room, or let it be written elsewhere: -o <folder>\. Nothing was changed$/,
    );
  });

  it("leaves it also where the disk is full after some files", () => {
    plan(MORE);
    const before = all();
    const files = new Map(Object.entries({ ...PLAN, "plan.txt": "two" }));
    const full = new Map(files);
    full[Symbol.iterator] = function* () {
      yield ["plan.txt", "two"];
      throw new Error("ENOSPC: no space left on device, write");
    };
    expect(() => renewFolder({ path, environment: "prod", files: full })).toThrow(
      "/out/prod: the plan cannot be written (ENOSPC: no space left on device, write); make room",
    );
    expect(all()).toEqual(before);
  });

  it("leaves no folder where there was none", () => {
    refusedBy(TOO_LONG);
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(join(root, "out"))).toEqual([]);
  });

  it("leaves an empty folder where one was", () => {
    mkdirSync(path, { recursive: true });
    refusedBy(TOO_LONG);
    expect(readdirSync(path)).toEqual([]);
  });
});

describe("two runs at once", () => {
  const lock = () => join(root, "out/.prod.labstead-plan.lock");

  it("another one that does not end is named, and nothing is changed", () => {
    mkdirSync(dirname(lock()), { recursive: true });
    symlinkSync(String(process.pid), lock());
    const before = all();
    expect(() => whileLocked(path, plan, 0)).toThrow(
      `another labstead plan (pid ${String(process.pid)}) writes there; wait until it has ended, or remove ${lock()}. Nothing was changed`,
    );
    expect(all()).toEqual(before);
  });

  it("one that was killed holds nobody up, and leaves nothing", () => {
    const { pid } = spawnSync("true");
    put({ "out/prod/.labstead-plan.new/plan.txt": "half" });
    symlinkSync(String(pid), lock());
    plan();
    expect(existsSync(lock())).toBe(false);
    expect(readdirSync(path).sort()).toEqual([MANIFEST, "manifests", "plan.json", "plan.txt"]);
  });

  it("four of them leave the plan of one, whole", async () => {
    const program = join(root, "write.ts");
    const module = join(__dirname, "../../cli/plan/plan-folder");
    writeFileSync(
      program,
      `import { renewFolder } from ${JSON.stringify(module)};
const [path = "", run = ""] = process.argv.slice(2);
const files = new Map(Array.from({ length: 40 }, (_, n) => ["f" + n + "/" + run + ".txt", run] as const));
renewFolder({ path, environment: "prod", files });`,
    );
    const run = (name: string) =>
      promisify(execFile)(process.execPath, ["--import", "tsx", program, path, name], {
        cwd: join(__dirname, "../.."),
      });
    await Promise.all(["a", "b", "c", "d"].map(run));
    rmSync(program);
    const { [`out/prod/${MANIFEST}`]: list = "", ...files } = all();
    expect(new Set(Object.values(files)).size).toBe(1);
    expect(Object.keys(files)).toHaveLength(40);
    expect((JSON.parse(list) as { files: string[] }).files).toHaveLength(40);
  }, 60_000);
});
