/**
 * Values by key in one file that survives the process: every change appends a line, so a change costs the same
 * whatever is stored already. Loading replays the lines and rewrites the file once it is mostly history.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

import type { PlainValue } from "../provider-protocol";

/** Lines of history that a file may hold beyond twice what is alive, before it is rewritten on load. */
const SLACK_LINES = 64;

/** Only the owner may read: a journal reveals the inside of a network. */
const OWNER_ONLY = 0o600;

interface Line<Value> {
  readonly key: string;
  /** Absent: the key was deleted. */
  readonly value?: Value;
}

export class Journal<Value extends PlainValue> {
  readonly #values = new Map<string, Value>();
  readonly #descriptor: number;

  /** @param file made, with its folder, if it does not exist; one process at a time */
  constructor(readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    const lines = existsSync(file) ? this.#replay(readFileSync(file, "utf8")) : 0;
    if (lines > 2 * this.#values.size + SLACK_LINES) this.#compact();
    this.#descriptor = openSync(file, "a", OWNER_ONLY);
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  entries(): IterableIterator<[string, Value]> {
    return this.#values.entries();
  }

  set(key: string, value: Value): void {
    this.#append({ key, value });
    this.#values.set(key, value);
  }

  delete(key: string): void {
    if (!this.#values.has(key)) return;
    this.#append({ key });
    this.#values.delete(key);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #append(line: Line<Value>): void {
    writeSync(this.#descriptor, lineOf(line));
  }

  #replay(text: string): number {
    const { lines, torn } = replay(text, this.#values);
    if (torn) this.#compact();
    return lines;
  }

  #compact(): void {
    const fresh = `${this.file}.new`;
    const lines = [...this.#values].map(([key, value]) => lineOf({ key, value }));
    writeFileSync(fresh, lines.join(""), { mode: OWNER_ONLY });
    renameSync(fresh, this.file);
  }
}

/** The contents of a journal, read only: another process may have it open. Empty if there is no file. */
export function readJournal<Value extends PlainValue>(file: string): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  if (existsSync(file)) replay(readFileSync(file, "utf8"), values);
  return values;
}

function replay<Value>(text: string, values: Map<string, Value>): { lines: number; torn: boolean } {
  const lines = text.split("\n");
  // Text after the last newline was truncated by a crash during a write: that change did not happen.
  const rest = lines.pop();
  for (const line of lines) {
    const { key, value } = JSON.parse(line) as Line<Value>;
    if (value === undefined) values.delete(key);
    else values.set(key, value);
  }
  return { lines: lines.length, torn: rest !== undefined && rest !== "" };
}

function lineOf<Value>(line: Line<Value>): string {
  return `${JSON.stringify(line)}\n`;
}
