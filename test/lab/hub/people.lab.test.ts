/** Who leaves a hub and who has another name, with JupyterHub 5.5 and 6.1 of PyPI. */
import { PEOPLE_SCRIPT } from "../../../apps/hub/people/script";
import { hubPlan, SIGN_INS } from "../../apps/hub/hubs";
import { HUB_VERSIONS } from "./python";
import { observe } from "./scenario";

test.each(HUB_VERSIONS)(
  "JupyterHub %s: who leaves loses server, tokens and sessions, and who is renamed keeps the account",
  (version) => {
    const plan = hubPlan({ ...SIGN_INS["dummy"], cull: { kind: "never" } });
    const more = { script: PEOPLE_SCRIPT };
    expect(observe(version, { name: "people", plan, configs: { "hub.py": plan }, more })).toEqual({
      "without a hub": true,
      token: 200,
      left: { known: true, stopped: 1, folder: "ada" },
      tokens: true,
      forgotten: { deleted: true },
      again: [{ known: false }, { deleted: false }],
      session: false,
      "token after": 403,
      "server after": true,
      "somebody else": true,
      "to a name that is taken":
        "refused: the hub already knows somebody called edith, with a home of their own; nothing was changed",
      "of nobody": "refused: the hub knows nobody called mallory",
      renamed: { renamed: true, stopped: 1 },
      "renamed again": { renamed: false },
      "session of the new name": true,
    });
  },
);
