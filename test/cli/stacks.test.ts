import { readEnvironment } from "../environments";
import { join } from "node:path";
import { liveTenants, missingOwner } from "../../cli/shared/stack-order";
import { isOwner, type OwnerConfig } from "../../environment/config";
import { stackFile } from "../../environment/stack-file";
import { ROOT } from "./command";

function prod(): OwnerConfig {
  const { config } = readEnvironment(stackFile(ROOT, "prod"));
  if (!isOwner(config)) throw new Error(`${join(ROOT, "Pulumi.prod.yaml")} is not an owner's`);
  return config;
}

const destroy = (stack: string) => `destroy ${stack}`;
const up = (stack: string) => `up ${stack}`;

test("an owner is not destroyed under a live tenant", () => {
  const stacks = [
    { name: "organization/labstead/test", resourceCount: 4 },
    { name: "prod", resourceCount: 9 },
  ];
  expect(liveTenants(prod(), stacks, destroy)).toBe(
    "prod carries test, nothing was changed; first run: destroy test",
  );
});

test("a tenant that holds nothing does not stop its owner", () => {
  expect(
    liveTenants(prod(), [{ name: "test", resourceCount: 0, lastUpdate: "2026-01-01" }], destroy),
  ).toBeUndefined();
  expect(liveTenants(prod(), [{ name: "stranger", resourceCount: 5 }], destroy)).toBeUndefined();
});

test("a tenant waits for its owner", () => {
  expect(missingOwner("test", "prod", [], up)).toBe(
    "test is a tenant of prod, which was never brought up here; first run: up prod",
  );
  expect(missingOwner("test", "prod", [{ name: "prod", resourceCount: 0 }], up)).toBeDefined();
  expect(missingOwner("test", "prod", [{ name: "prod", resourceCount: 1 }], up)).toBeUndefined();
});
