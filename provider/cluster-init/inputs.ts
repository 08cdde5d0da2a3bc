/** The inputs of ClusterInit: their rules, and what the state stores of them. */
import type { CheckResult, PropertyMap } from "../../provider-protocol";
import { reveal } from "../../provider-protocol";
import { failuresOf, optionalSeconds, requiredText } from "../inputs";
import type { InputRules } from "../inputs";
import { sealedConnection } from "../machine-files/inputs";
import { connectionFailures } from "../machine-files/rules";

const RULES: InputRules = {
  resource: "ClusterInit",
  known: ["cluster", "server", "connection", "timeoutSeconds"],
  rules: {
    cluster: requiredText,
    server: requiredText,
    timeoutSeconds: optionalSeconds,
  },
};

export function checked(given: PropertyMap): CheckResult {
  const { cluster = null, server = null, connection = null, timeoutSeconds } = reveal(given);
  const inputs = { cluster, server, connection: sealedConnection(connection) };
  return {
    inputs: timeoutSeconds === undefined ? inputs : { ...inputs, timeoutSeconds },
    failures: [...failuresOf(RULES, given), ...connectionFailures("connection", connection)],
  };
}
