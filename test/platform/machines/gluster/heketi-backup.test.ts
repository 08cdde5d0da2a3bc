/** Copies of Heketi's database: here and on the other servers, a fortnight of them, and nothing that is no database. */
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HeketiServer } from "./heketi-server";

const SCRIPT = join(__dirname, "../../../../platform/machines/gluster/scripts/heketi-backup.sh");
const KEY = "key-of-the-administrator";
const OTHERS = ["10.0.0.35", "10.0.0.36"];

/** In place of a server that is reached: its files lie in a folder of its name. One named in `AWAY` is not reached. */
const SSH = `#!/bin/sh
for last do before=$to to=$last; done
host=\${before#*@}
[ "$host" != "$AWAY" ] || { echo "connect to host $host: No route to host" >&2; exit 255; }
exec sh -c "$(printf '%s' "$to" | sed "s|'$FOLDER|'$REMOTE/$host|g")"
`;

let folder: string;
let heketi: HeketiServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "labstead-backup-"));
  heketi = await HeketiServer.open(KEY);
  mkdirSync(at("bin"));
  writeFileSync(at("bin/ssh"), SSH, { mode: 0o755 });
  writeFileSync(at("bin/sudo"), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  writeFileSync(
    at("heketi.json"),
    JSON.stringify({ port: String(heketi.port), jwt: { admin: { key: KEY } } }),
  );
});
afterEach(async () => {
  await heketi.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const remote = (host: string): string => at(`remote/${host}`);
const copies = (of: string): readonly string[] => (existsSync(of) ? readdirSync(of).toSorted() : []);

function run(away = ""): Promise<{ code: number; said: string }> {
  const env = {
    PATH: `${at("bin")}:${process.env["PATH"] ?? ""}`,
    HEKETI_CONFIG: at("heketi.json"),
    PYTHONDONTWRITEBYTECODE: "1",
    FOLDER: at("backup"),
    REMOTE: at("remote"),
    AWAY: away,
  };
  return new Promise((resolve) => {
    execFile(SCRIPT, [at("backup"), ...OTHERS], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), said: `${stdout}${stderr}`.trim() });
    });
  });
}

test("the database as it is now is here and on every other server", async () => {
  expect(await run()).toEqual({ code: 0, said: "" });
  const [name = "", ...more] = copies(at("backup"));
  expect(more).toEqual([]);
  expect(name).toMatch(/^heketi-\d{8}T\d{6}Z\.db$/);
  for (const place of [at("backup"), ...OTHERS.map(remote)])
    expect(readFileSync(join(place, name))).toEqual(heketi.database);
});

test("a fortnight of copies is kept, the newest ones, and what is no copy is left", async () => {
  const old = Array.from({ length: 20 }, (_, day) => `heketi-202501${String(day + 10)}T023000Z.db`);
  for (const place of [at("backup"), ...OTHERS.map(remote)]) {
    mkdirSync(place, { recursive: true });
    for (const name of [...old, "notes.txt"]) writeFileSync(join(place, name), "old");
  }
  expect(await run()).toEqual({ code: 0, said: "" });
  for (const place of [at("backup"), ...OTHERS.map(remote)]) {
    const kept = copies(place).filter((name) => name.startsWith("heketi-"));
    expect(kept).toHaveLength(14);
    expect(kept.slice(0, 13)).toEqual(old.slice(-13));
    expect(copies(place)).toContain("notes.txt");
  }
});

test("a server that is away is reported, and the others have their copy", async () => {
  const { code, said } = await run("10.0.0.35");
  expect(code).toBe(1);
  expect(said).toContain("10.0.0.35 has no copy");
  expect([
    copies(at("backup")).length,
    copies(remote("10.0.0.35")).length,
    copies(remote("10.0.0.36")).length,
  ]).toEqual([1, 0, 1]);
});

test("what is no database replaces no copy", async () => {
  mkdirSync(at("backup"));
  for (let day = 10; day < 24; day += 1)
    writeFileSync(at(`backup/heketi-202501${String(day)}T023000Z.db`), "old");
  heketi.database = Buffer.from("an error page that is long enough to be read as something");
  const { code, said } = await run();
  expect(code).not.toBe(0);
  expect(said).toContain("is no database");
  expect(copies(at("backup")).filter((name) => name.startsWith("heketi-"))).toHaveLength(14);
  expect(copies(remote("10.0.0.36"))).toEqual([]);
});
