/** The rules of the cluster: what the API server lets into the namespaces of its environments, for every caller. */
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";

export const admissionRules = ownersComponent({
  key: "admissionRules",
  title: "rules of the cluster",
  stage: "policies",
  plan: (_, { environment, rules }) => (rules === undefined ? undefined : { environment, ...rules }),
  charts: () => (require("./chart") as typeof Charts).admissionRulesCharts,
});
