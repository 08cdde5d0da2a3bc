/** The secret of Weave Net. */
import type { PasswordPlan } from "../../../environment/plan/types-secrets";

/** With it nodes encrypt what they send each other, and refuse others. */
export const WEAVE_PASSWORD: PasswordPlan = {
  kind: "password",
  name: "weave.password",
  length: 32,
  rotation: {
    kind: "refused",
    why: "nodes of the old and of the new password do not talk, so pods lose each other until all nodes have the new one",
  },
};
