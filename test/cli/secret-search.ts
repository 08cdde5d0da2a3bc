/** Looks for secrets where they must not be: in every form in which they get into a file. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A value that must not be readable, and what it is. */
export interface Mark {
  readonly what: string;
  readonly value: string;
}

/** Shorter ones are in texts by chance. */
const SHORTEST = 12;
/** Lines of a key in PEM beyond which it is an RSA key. */
const LONG_KEY = 12;
/** Marks a secret in an exported state, as the engine does. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Every secret of a decrypted state, by its place. What is public anyway is none: certificates, public keys, ids. */
export function marksOf(decrypted: string): readonly Mark[] {
  const marks = new Map<string, string>();
  visit(JSON.parse(decrypted), [], (what, value) => {
    if (value.length >= SHORTEST && !isPublic(what, value)) marks.set(value, what);
  });
  return [...marks].map(([value, what]) => ({ what, value }));
}

function visit(node: unknown, path: readonly string[], found: (what: string, value: string) => void): void {
  if (typeof node !== "object" || node === null) return;
  const record = node as Readonly<Record<string, unknown>>;
  if (typeof record["plaintext"] === "string" && SIGNATURE in record)
    leaves(JSON.parse(record["plaintext"]), path, found);
  else
    for (const [key, value] of Object.entries(record))
      visit(value, [...path, typeof record["urn"] === "string" ? `${record["urn"]} ${key}` : key], found);
}

function leaves(node: unknown, path: readonly string[], found: (what: string, value: string) => void): void {
  if (typeof node === "string") found(path.slice(-3).join("."), node);
  else if (typeof node === "object" && node !== null)
    for (const [key, value] of Object.entries(node))
      if (key !== SIGNATURE) leaves(value, [...path, key], found);
}

function isPublic(what: string, value: string): boolean {
  const text = value.startsWith("LS0tLS1CRUdJTi") ? Buffer.from(value, "base64").toString() : value;
  return /^(-----BEGIN (CERTIFICATE|PUBLIC KEY)|ssh-ed25519 )/.test(text) || what.endsWith(".id");
}

/** How a value looks in a file: as it is, in JSON, in JSON inside JSON, in base64; of a key also the first line that is its own. */
export function formsOf({ value }: Mark): readonly string[] {
  const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
  const base64 = Buffer.from(value).toString("base64").replace(/=+$/, "");
  const lines = value.split("\n");
  // An elliptic curve's private number comes first, then its public point; an RSA key begins with the public modulus.
  const own = lines.length > LONG_KEY ? lines[Math.floor(lines.length / 2)] : lines[1];
  const forms = [value, escaped(value), escaped(escaped(value)), base64, own ?? ""];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST);
}

/** `what in where`, for each secret that is found. */
export function leaks(marks: readonly Mark[], texts: ReadonlyMap<string, string>): readonly string[] {
  return [...texts].flatMap(([where, text]) =>
    marks
      .filter((mark) => formsOf(mark).some((form) => text.includes(form)))
      .map(({ what }) => `${what} in ${where}`),
  );
}

/** All files below a folder by path, without those that `leftOut` names. */
export function filesBelow(folder: string, leftOut: readonly string[]): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const wanted = files.filter((file) => !leftOut.some((name) => file.startsWith(join(folder, name))));
  return new Map(wanted.map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")]));
}
