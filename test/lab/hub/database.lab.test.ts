/** Copies of a hub's database, by the rendered program, with JupyterHub 5.5 and 6.1 and a real S3 server. */
import { DATABASE_SCRIPT } from "../../../apps/hub/database/script";
import { storeModule } from "../../../apps/hub/store/object-store";
import { hubPlan, SIGN_INS } from "../../apps/hub/hubs";
import { s3Program } from "../s3/server";
import { hubPython } from "./python";
import { jobVariables, observe } from "./scenario";

const BACKUPS = {
  "apps.hub.backups": { endpoint: "https://objects.example.org", bucket: "hub-backups", keep: 2 },
};

test("copies are stored while the hub runs, kept by number, and restored after an upgrade and after a loss", async () => {
  const plan = hubPlan({ ...SIGN_INS["dummy"], cull: { kind: "never" } }, BACKUPS);
  const more = {
    s3: await s3Program(() => undefined),
    script: DATABASE_SCRIPT,
    store: storeModule(),
    variables: jobVariables(plan, "hub-backup"),
    oldPython: hubPython("5.5"),
    newPython: hubPython("6.1"),
  };
  expect(observe("6.1", { name: "database", plan, configs: { "hub.py": plan }, more })).toEqual({
    "before the first start": "no database yet",
    "nothing to store": "refused: there is no database yet; sign in to the hub once",
    "same release": true,
    "while the hub runs": "stored",
    kept: 2,
    "other keys": true,
    "another bucket": true,
    "new release": true,
    "under the new one": true,
    "the old one is refused": true,
    "way back": "restored",
    "without a store": true,
    "the old one again": true,
    "a broken one is not stored": true,
    "no such copy": true,
    "from the store": "restored",
    journal: false,
    "after the loss": true,
  });
});
