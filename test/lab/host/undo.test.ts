import { existsSync } from "node:fs";
import * as fc from "fast-check";
import { isLeft, uniqueName } from "./names";
import { inScratch, Undo } from "./undo";

describe("what a set-up made", () => {
  it("is removed in the opposite order, each thing once, whichever steps fail to be undone", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 8 }), async (failing) => {
        const undo = new Undo();
        const undone: number[] = [];
        for (const [step, fails] of failing.entries())
          undo.later(() => {
            undone.push(step);
            if (fails) throw new Error(`step ${String(step)}`);
          });
        const closed = await undo.close().then(
          () => [],
          (error: unknown) =>
            (error as AggregateError).errors.map((each: unknown) => (each as Error).message),
        );
        await undo.close();
        expect(undone).toEqual(failing.map((_, step) => step).reverse());
        expect(closed).toEqual(undone.filter((step) => failing[step]).map((step) => `step ${String(step)}`));
      }),
    );
  });

  it("is removed as soon as a later step throws, and that error is reported", async () => {
    const undone: string[] = [];
    let folder = "";
    const opened = Undo.guard(async (undo) => {
      folder = undo.folder("undo-test");
      undo.use({ close: () => undone.push("machine") });
      await Promise.resolve();
      undo.later(() => {
        throw new Error("it is held");
      });
      throw new Error("no nft");
    });
    await expect(opened).rejects.toThrow(
      /^no nft\nWhat was made before is not removed: AggregateError: Error: it is held$/,
    );
    expect(undone).toEqual(["machine"]);
    expect(existsSync(folder)).toBe(false);
  });

  it("is there until it is closed, if all goes well", async () => {
    const { undo, folder } = await Undo.guard((made) =>
      Promise.resolve({ undo: made, folder: made.folder("undo-test") }),
    );
    expect(existsSync(folder)).toBe(true);
    await undo.close();
    expect(existsSync(folder)).toBe(false);
  });

  it("is removed at once where the set-up was given up, as after a time-out", async () => {
    const undo = new Undo();
    await undo.close();
    let undone = false;
    expect(() => undo.later(() => (undone = true))).toThrow("the set-up was given up while it still ran");
    expect(undone).toBe(true);
  });

  it("does not outlive a piece of work", async () => {
    const folders = [
      inScratch("undo-test", (folder) => folder),
      await Undo.within((undo) => Promise.resolve(undo.folder("undo-test"))),
    ];
    expect(() =>
      inScratch("undo-test", (folder) => {
        folders.push(folder);
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, false, false]);
  });
});

describe("names", () => {
  it("are never taken twice, not by the next file of the same process either", () => {
    const taken = new Set<string>();
    for (let file = 0; file < 20; file += 1)
      jest.isolateModules(() => {
        const names = jest.requireActual<{ readonly uniqueName: typeof uniqueName }>("./names");
        for (let name = 0; name < 50; name += 1) taken.add(names.uniqueName("machines"));
      });
    expect(taken.size).toBe(1000);
  });

  it("say whose they are, and whether that process has ended", () => {
    const own = uniqueName("machines");
    expect(own).toMatch(new RegExp(`^labstead-machines-${String(process.pid)}-`));
    expect(isLeft("machines", own)).toBe(false);
    const dead = own.replace(String(process.pid), "4999999");
    expect(isLeft("machines", dead)).toBe(true);
    expect(isLeft("cluster", dead)).toBe(false);
    expect(isLeft("machines", `${dead}.img`)).toBe(false);
  });
});
