/** Every program of the host that tests of real services start has a Debian package, and the file that starts it says so. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "../../cli/command";
import { PACKAGES, packageOf } from "./packages";
import { scan, type Scanned } from "./scan";
import { scriptPrograms } from "./shell";
import { commandPrograms } from "./words";

const LABS = join(ROOT, "test/lab");

function filesBelow(folder: string, end: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));
}

/** All of `test/lab`, the tests of real services elsewhere, and what they import of the tests. */
function scanned(): readonly Scanned[] {
  const first = [...filesBelow(join(ROOT, "test"), ".lab.test.ts"), ...filesBelow(LABS, ".ts")];
  const files = new Map<string, Scanned>();
  for (const queue = [...first]; queue.length > 0;) {
    const path = queue.pop() ?? "";
    if (files.has(path) || path === __filename) continue;
    const file = scan(path);
    files.set(path, file);
    queue.push(...file.imports.filter((each) => each.startsWith(join(ROOT, "test/"))));
  }
  return [...files.values()];
}

/** What installs packages needs none itself. */
const files = scanned().filter(({ path }) => !path.endsWith("test/lab/host/programs.ts"));
const scripts = filesBelow(join(LABS, "openstack"), ".sh").map((path) => readFileSync(path, "utf8"));
const shown = (path: string): string => relative(ROOT, path);

it("has read something of each kind", () => {
  const started = new Set(files.flatMap(({ starts }) => [...starts]));
  for (const program of [
    "nft",
    "systemd-nspawn",
    "wg-quick",
    "sshd",
    "setpriv",
    "openssl",
    "losetup",
    "xargs",
  ])
    expect(started).toContain(program);
  expect(scriptPrograms(scripts)).toEqual(
    expect.arrayContaining(["mariadbd", "nova-manage", "uwsgi", "epmd"]),
  );
});

it("every program has a package", () => {
  const unknown = files.flatMap(({ path, starts }) =>
    [...starts]
      .filter((program) => packageOf(program) === undefined)
      .map(
        (program) => `${shown(path)} starts ${program}: add it to its package in test/lab/host/packages.ts`,
      ),
  );
  const inScripts = scriptPrograms(scripts).filter((program) => packageOf(program) === undefined);
  expect([...unknown, ...inScripts]).toEqual([]);
});

it("every file declares what it starts", () => {
  const missing = files.flatMap(({ path, starts, declares }) =>
    [...starts]
      .filter((program) => !declares.has(program))
      .map((program) => `${shown(path)}: add runs("${program}")`),
  );
  expect(missing).toEqual([]);
});

it("what the scripts of OpenStack start is declared beside them", () => {
  const { declares } = scan(join(LABS, "openstack/programs.ts"));
  expect(scriptPrograms(scripts).filter((program) => !declares.has(program))).toEqual([]);
});

it("every declared program is one that has a package, and every package is asked for", () => {
  const declared = new Set(files.flatMap(({ declares }) => [...declares]));
  expect([...declared].filter((program) => packageOf(program) === undefined)).toEqual([]);
  const programs = Object.entries(PACKAGES).filter(([, text]) => text !== "");
  const unused = programs.filter(([, text]) => !text.split(" ").some((program) => declared.has(program)));
  expect(unused.map(([name]) => name)).toEqual([]);
});

it("nothing outside of the labs' own helpers makes what outlives a killed test", () => {
  const makers = /\bmkdtempSync\(|"netns", "add"|"journalctl"/;
  const own = ["host/undo.ts", "machines/network.ts", "machines/machine.ts", "host/programs.test.ts"];
  const others = files.filter(({ path }) => !own.some((end) => path.endsWith(`test/lab/${end}`)));
  const inLabs = others.filter(({ path }) => path.startsWith(LABS) || path.endsWith(".lab.test.ts"));
  const found = inLabs.filter(({ path }) => makers.test(readFileSync(path, "utf8")));
  expect(found.map(({ path }) => shown(path))).toEqual([]);
});

describe("reading a command line", () => {
  it.each<[readonly (string | undefined)[], readonly string[]]>([
    [["nft", "-f", "-"], ["nft"]],
    [["/usr/sbin/sshd", "-D"], ["sshd"]],
    [["/lab/.tools/bin/kubectl", "get"], []],
    [[process.execPath, "--import", "tsx"], []],
    [
      ["nsenter", "--net=/run/netns/x", "--", "timeout", "30", "python3", "a.py"],
      ["nsenter", "timeout", "python3"],
    ],
    [["nsenter", "-t", undefined, "-a", "--", "apt-get"], ["nsenter"]],
    [
      ["unshare", "--net", "sh", "-c", 'ip link add a && exec chroot "$@"', "sh", undefined, "haproxy"],
      ["unshare", "sh", "ip", "chroot"],
    ],
    [
      ["sh", "-c", 'echo $$; exec "$@"', "sh", undefined, "systemd-nspawn", "--boot"],
      ["sh", "systemd-nspawn"],
    ],
    [
      ["env", "-u", "A", "B=1", "nice", "-n", "10", "wg"],
      ["env", "nice", "wg"],
    ],
    [["chroot", undefined, "nft"], ["chroot"]],
    [[undefined, "nft"], []],
  ])("%j", (words, programs) => {
    expect(commandPrograms(words)).toEqual(programs);
  });
});

describe("reading a script", () => {
  it.each([
    ["a && b | c; d", "a b c d"],
    ["if ! one; then two; elif [ x ]; then three; fi", "one two three"],
    ["while read -r x; do y; done <file", "y"],
    ['x=$(one "$(two | three)") four', "four one two three"],
    ["case $1 in\n  a | b) one ;;\n  *) two ;;\nesac", "one two"],
    ["cat >file <<EOF\nnot a program\nEOF\nnext", "cat next"],
    ["mine() { one; }\nmine two", "one"],
    ['manage=(nova-manage --config "$x")\n"${manage[@]}" sync', "nova-manage"],
    ["# comment\none # two\n", "one"],
    ["A=1 B=2 one", "one"],
    ["one 'a; b' \"c | d\"", "one"],
    ["find . -print0 | xargs -0 sha256sum", "find xargs sha256sum"],
    ["for x in a b; do one; done", "one"],
    ["one >out 2>&1 </dev/null &\ntwo", "one two"],
    ["one ||\n  { two; exit 1; }", "one two"],
  ])("%j", (script, programs) => {
    expect(scriptPrograms([script]).toSorted()).toEqual(programs.split(" ").toSorted());
  });
});
