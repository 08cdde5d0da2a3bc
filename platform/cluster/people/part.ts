/** Rights of people in the cluster. */
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";

export const people = ownersComponent({
  key: "people",
  title: "people's rights",
  // Their role bindings are in the applications' namespaces.
  stage: "applications",
  plan: (_, { environment, people: list }) => (list.length === 0 ? undefined : { environment, people: list }),
  charts: () => (require("./chart") as typeof Charts).peopleCharts,
});
