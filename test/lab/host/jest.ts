/**
 * Before a test file of real services is loaded: what its modules say they run is installed as they are loaded. With
 * LABSTEAD_SET_UP_ONLY its tests are empty, so that only what comes before and after them is run; with LABSTEAD_BARE it is
 * looked at the end whether every program that was declared is there.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { declared, installDeclared } from "./programs";

installDeclared();

if (process.env["LABSTEAD_SET_UP_ONLY"] !== undefined) {
  globalThis.test = globalThis.it = emptied(globalThis.test);
}

if (process.env["LABSTEAD_BARE"] !== undefined) {
  afterAll(() => {
    expect(declared().programs.filter((program) => !isThere(program))).toEqual([]);
  });
}

function emptied(real: jest.It): jest.It {
  const test = (name: string): void => real(name, () => undefined);
  const each = (...table: readonly unknown[]): ((name: string) => void) => {
    const ofTable = (real.each as (...rows: readonly unknown[]) => (name: string, body: () => void) => void)(
      ...table,
    );
    return (name) => ofTable(name, () => undefined);
  };
  return Object.assign(test, real, { each }) as jest.It;
}

function isThere(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
