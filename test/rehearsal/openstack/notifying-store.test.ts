import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { NotifyingStore } from "../../../rehearsal/openstack/local/notifying-store";
import type { Acknowledged, StoreChange } from "../../../rehearsal/options";
import type { Store } from "../../../provider-protocol/store";

const TYPE = "openstack:compute/instance:Instance";
const signal = new AbortController().signal;
const order = { type: TYPE, urn: "urn", inputs: { userData: "boot" }, secret: new Set<string>(), signal };

let folder: string;
let server: Server;
let heard: StoreChange[];
let answer: Acknowledged | undefined;
let there: Set<string>;

/** A store of ids. */
const inner: Store = {
  create: () => {
    there.add("id");
    return Promise.resolve({ id: "id", outputs: { name: "a" } });
  },
  read: () => Promise.resolve(undefined),
  update: () => Promise.resolve({ name: "b" }),
  delete: ({ id }) => {
    there.delete(id);
    return Promise.resolve();
  },
  find: () => Promise.resolve({}),
};
const store = (): NotifyingStore => new NotifyingStore(inner, join(folder, "socket"));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "labstead-reported-"));
  [heard, answer, there] = [[], {}, new Set()];
  server = createServer((connection) => {
    createInterface({ input: connection }).on("line", (line) => {
      heard.push(JSON.parse(line) as StoreChange);
      if (answer === undefined) connection.destroy();
      else connection.write(`${JSON.stringify(answer)}\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "socket"), resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

test("the process that runs the machines is notified of what was created, changed and removed, in full", async () => {
  await store().create(order);
  await store().update({ ...order, id: "id" });
  await store().delete({ type: TYPE, id: "id", inputs: order.inputs, signal });
  const reported = { type: TYPE, id: "id" };
  expect(heard).toEqual([
    { ...reported, operation: "create", inputs: { userData: "boot" }, outputs: { name: "a" } },
    { ...reported, operation: "update", inputs: { userData: "boot" }, outputs: { name: "b" } },
    { ...reported, operation: "delete", inputs: { userData: "boot" }, outputs: {} },
  ]);
});

test("what is refused fails, and was not made", async () => {
  answer = { problem: "no room" };
  await expect(store().create(order)).rejects.toThrow("no room");
  expect([...there]).toEqual([]);
});

test("an end without an answer is a failure", async () => {
  answer = undefined;
  await expect(store().create(order)).rejects.toThrow(
    "the process that runs the machines has ended without an answer",
  );
  expect([...there]).toEqual([]);
});
