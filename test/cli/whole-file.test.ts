import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWhole } from "../../cli/shared/whole-file";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "labstead-whole-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), "utf8");

test("a file is replaced and keeps its mode, also through a link; nothing is left beside it", () => {
  writeFileSync(at("a"), "old", { mode: 0o640 });
  symlinkSync("a", at("link"));
  writeWhole({ path: at("link"), text: "new" });
  expect(read("a")).toBe("new");
  expect(statSync(at("a")).mode & 0o777).toBe(0o640);
  expect(lstatSync(at("link")).isSymbolicLink()).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(["a", "link"]);
});

test("what others may not read replaces a link, and does not go where it leads", () => {
  writeFileSync(at("theirs"), "theirs");
  symlinkSync("theirs", at("key"));
  writeWhole({ path: at("key"), text: "secret", mode: 0o600 });
  expect([read("theirs"), read("key")]).toEqual(["theirs", "secret"]);
  expect(lstatSync(at("key")).mode & 0o777).toBe(0o600);
});

test("a fresh file is none that is there", () => {
  writeWhole({ path: at("a"), text: "one", fresh: true });
  expect(() => {
    writeWhole({ path: at("a"), text: "two", fresh: true });
  }).toThrow(/^\S+\/a cannot be written, nothing was changed: EEXIST: file already exists, link/);
  expect(read("a")).toBe("one");
  expect(readdirSync(folder)).toEqual(["a"]);
});

test("of several files none changes where one cannot be written", () => {
  writeFileSync(at("a"), "old");
  expect(() => {
    writeWhole({ path: at("a"), text: "new" }, { path: join(at("none"), "b"), text: "b" });
  }).toThrow(/\/a and \S+\/none\/b cannot be written, nothing was changed: ENOENT/);
  expect(read("a")).toBe("old");
  expect(readdirSync(folder)).toEqual(["a"]);
});
