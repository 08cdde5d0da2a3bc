/**
 * What a set-up made and has to be removed, whatever becomes of it: each thing is noted as soon as it is made, and all are
 * removed in the opposite order, at the end or as soon as a later step of the set-up fails.
 */
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { uniqueName } from "./names";

type Step = () => unknown;

/** What ends when it is asked to. */
interface Closable {
  close(): unknown;
}

export class Undo {
  private readonly steps: Step[] = [];
  private closed = false;

  /** Makes something in several steps. If one fails, what those before it noted is undone, and its error is thrown. */
  static guard<T>(make: (undo: Undo) => Promise<T>): Promise<T> {
    return new Undo().during(make);
  }

  /** Does something with what is removed right after it. */
  static async within<T>(work: (undo: Undo) => Promise<T>): Promise<T> {
    const undo = new Undo();
    const done = await undo.during(work);
    await undo.close();
    return done;
  }

  /** As {@link guard}, into this one. */
  async during<T>(make: (undo: Undo) => Promise<T> | T): Promise<T> {
    try {
      return await make(this);
    } catch (error) {
      await this.close().catch((left: unknown) => {
        if (error instanceof Error) error.message += `\nWhat was made before is not removed: ${String(left)}`;
      });
      throw error;
    }
  }

  /**
   * Notes what undoes the step that was just done.
   * @throws Error where all was undone meanwhile, as after a time-out; then this step is undone, too
   */
  later(step: Step): void {
    this.steps.push(step);
    if (!this.closed) return;
    void this.close().catch(() => undefined);
    throw new Error("the set-up was given up while it still ran");
  }

  /** Something that is closed at the end. */
  use<T extends Closable>(made: T): T {
    this.later(() => made.close());
    return made;
  }

  /** An empty folder that nobody else has. */
  folder(kind: string): string {
    const folder = join(tmpdir(), uniqueName(kind));
    mkdirSync(folder, { mode: 0o700 });
    this.later(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  /** Undoes every step once, the last one first, also where one fails. @throws Error with all that failed */
  async close(): Promise<void> {
    this.closed = true;
    const errors: unknown[] = [];
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join("\n"));
  }
}

/** Does something at once with an empty folder that is removed after it. */
export function inScratch<T>(kind: string, work: (folder: string) => T): T {
  const folder = join(tmpdir(), uniqueName(kind));
  mkdirSync(folder, { mode: 0o700 });
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a test file needs, made before its tests and removed after them, or at once where a step of it fails. */
export function setUp(make: (undo: Undo) => Promise<void> | void): void {
  const undo = new Undo();
  beforeAll(() => undo.during(make));
  afterAll(() => undo.close());
}
