/** Projects of the example environment, for tests. */
import { App } from "cdk8s";
import { ProjectChart } from "../../../apps/projects/chart";
import type { ProjectPlan } from "../../../apps/projects/plan";
import { changedBelow, configOf, exampleOf, plannedOf, type Json } from "../../environment/configs";
import { renderChart, type Manifest } from "../manifests";

const EXAMPLE = exampleOf("projects");

/** The example with changes below `apps.projects`, by their paths there, and of other keys. */
export function environmentWith(changes: Json = {}, others: Json = {}): Json {
  return changedBelow(EXAMPLE, "apps.projects", changes, others);
}

/** A project of these stacks alone. */
export function withStacks(stacks: Json, project: Json = {}): Json {
  return {
    projects: {
      soil: { groups: { researchers: "edit" }, storage: { work: {} }, ...project, stacks },
    },
  };
}

export function projectPlans(changes: Json = {}, others: Json = {}): readonly ProjectPlan[] {
  const { parts } = plannedOf(configOf("projects", environmentWith(changes, others)));
  return parts["projects"] as readonly ProjectPlan[];
}

export function projectManifests(plan: ProjectPlan): readonly Manifest[] {
  return renderChart(new ProjectChart(new App(), "project", plan)).manifests;
}

/** All objects of all projects. */
export function manifestsOf(changes: Json = {}, others: Json = {}): readonly Manifest[] {
  return projectPlans(changes, others).flatMap(projectManifests);
}
