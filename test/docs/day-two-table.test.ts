/** The tables of docs/day-two.md say what is declared of each key. */
import { effectTables, RENEW_COMMAND, writtenTables } from "../../tools/day-two-table";

test("the tables of docs/day-two.md are current", () => {
  try {
    expect(writtenTables()).toBe(effectTables());
  } catch (error) {
    throw new Error(`docs/day-two.md is not current: run ${RENEW_COMMAND}`, { cause: error });
  }
});

test("a key has its effect, those of the same effect in one row", () => {
  const tables = effectTables();
  expect(tables).toContain("\n| `cluster.nodes.proxyMode` | in place | kube-proxy starts again with it");
  expect(tables).toContain("\n| `servers.*.flavor`, `servers.*.overrides.<slot>.flavor`, ");
  expect(tables).toContain("\n| `servers.{bastion,gateway,loadBalancer}.min`, `.removed` | in place | ");
  expect(tables).toContain("\n| `cluster.owner` | stopped | it leaves everything");
});
