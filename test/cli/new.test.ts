/** `labstead new`: what differs from the product's own stack files. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { runNew } from "../../cli/new/run";
import { environmentOf, ROOT, type Json } from "../environment/configs";

const folder = mkdtempSync(join(tmpdir(), "labstead-new-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a new lab begins with Traefik; the product's own, which stands for one that runs, stays with ingress-nginx", () => {
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  runNew(join(folder, "my-lab"), {});
  const prod = (root: string): Json =>
    environmentOf(parse(readFileSync(join(root, "Pulumi.prod.yaml"), "utf8")) as Json) as Json;
  const { ingress: running, ...own } = prod(ROOT);
  const { ingress: made, ...other } = prod(join(folder, "my-lab"));
  expect([running, made]).toEqual([{ kind: "ingress-nginx" }, { kind: "traefik" }]);
  expect(other).toEqual(own);
  expect(readFileSync(join(folder, "my-lab", "Pulumi.prod.yaml"), "utf8")).not.toContain(
    "keeps its controller",
  );
});
