/** Which programs a command line starts: the first word's, and those that it starts in its place. */
import { scriptPrograms } from "./shell";

/** A word of a command line; undefined where only the running test knows it. */
export type Word = string | undefined;

interface Wrapper {
  /** Options that take the word after them. */
  readonly valued: readonly string[];
  /** Words before the other program's. */
  readonly words: number;
}

/** Programs that end as another one, whose words follow. */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  env: { valued: ["-u"], words: 0 },
  flock: { valued: ["-w"], words: 1 },
  nice: { valued: ["-n"], words: 0 },
  nsenter: { valued: ["-t"], words: 0 },
  setpriv: { valued: ["--pdeathsig"], words: 0 },
  setsid: { valued: [], words: 0 },
  timeout: { valued: ["-k"], words: 1 },
  unshare: { valued: [], words: 0 },
  xargs: { valued: ["-n"], words: 0 },
};

const SHELLS = ["sh", "bash"];

/** What stands in other folders was built here, Node is what runs the tests, and both it and Go are asked of people. */
const OURS = /^(?!\/(usr\/)?(s?bin|lib)\/).*\/|\/node$|^go$/;

/** Names of programs, without their folders; what runs in the root file system of another machine is not the host's. */
export function commandPrograms(words: readonly Word[]): readonly string[] {
  const [first, ...rest] = words;
  if (first === undefined || /^[-+]|=|\s/.test(first) || OURS.test(first)) return [];
  const name = first.replace(/.*\//, "");
  const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  if (SHELLS.includes(name)) return [name, ...inShell(rest)];
  if (wrapper === undefined || entersMachine(name, rest)) return [name];
  return [name, ...commandPrograms(afterOptions(rest, wrapper))];
}

/** `nsenter --all` enters a machine's own root file system too. */
function entersMachine(name: string, rest: readonly Word[]): boolean {
  return name === "nsenter" && (rest.includes("-a") || rest.includes("--all"));
}

function inShell(rest: readonly Word[]): readonly string[] {
  const at = rest.findIndex((word) => word !== undefined && /^-\w*c$/.test(word));
  const script = at < 0 ? undefined : rest[at + 1];
  if (script === undefined) return [];
  // Its own name, and then a command line, where the script ends as it.
  const passed = /(^|\bexec )"\$@"$/.test(script) ? rest.slice(at + 3) : [];
  const known = passed.findIndex((word) => word !== undefined);
  return [...scriptPrograms([script]), ...commandPrograms(known < 0 ? [] : passed.slice(known))];
}

function afterOptions(rest: readonly Word[], { valued, words }: Wrapper): readonly Word[] {
  let at = 0;
  for (let word = rest[at]; at < rest.length; word = rest[at]) {
    if (word === "--") return rest.slice(at + 1 + words);
    if (word === undefined || !/^-|^\w+=/.test(word)) break;
    at += valued.includes(word) ? 2 : 1;
  }
  return rest.slice(at + words);
}
