/** Traverses construct trees once: the objects in them, each rendered once, and their declared dependencies. */
import { ApiObject, App, Chart } from "cdk8s";
import type { IConstruct } from "constructs";
import { asManifest, fieldOf, isJsonObject, type Manifest } from "./manifest";
import { objectOptions, type ObjectOptions } from "./object-options";
import type { DeployProblem } from "./problems";

/** One collected object; an object of kind List yields several. */
export interface CollectedObject {
  readonly chart: string;
  readonly path: string;
  readonly manifest: Manifest;
  readonly options: ObjectOptions;
  /** The innermost scope around this object that has its own dependencies; -1 for none. */
  readonly scope: number;
}

/** The objects below a construct are contiguous: from `start` up to, but not including, `end`. */
export interface ObjectRange {
  readonly start: number;
  readonly end: number;
}

/** A construct with its own dependencies; they apply to everything below it. */
export interface DependentScope {
  readonly path: string;
  /** The next outer scope of this kind; -1 for none. */
  readonly parent: number;
  readonly range: ObjectRange;
  readonly dependsOn: readonly { readonly path: string; readonly range: ObjectRange }[];
}

export interface Collection {
  readonly charts: readonly string[];
  readonly objects: readonly CollectedObject[];
  readonly scopes: readonly DependentScope[];
  readonly problems: readonly DeployProblem[];
}

/** Everything below an app, or below some of its charts. */
export function collect(source: App | readonly Chart[]): Collection {
  return new Collector().collect(source instanceof App ? [source] : source);
}

interface OpenScope {
  readonly construct: IConstruct;
  readonly parent: number;
  readonly targets: readonly IConstruct[];
}

class Collector {
  private readonly charts: string[] = [];
  private readonly objects: CollectedObject[] = [];
  private readonly scopes: OpenScope[] = [];
  private readonly ranges = new Map<IConstruct, ObjectRange>();
  private readonly problems: DeployProblem[] = [];

  collect(roots: readonly IConstruct[]): Collection {
    for (const root of roots) this.walk(root, undefined, -1);
    const scopes = this.scopes.map((scope) => this.closeScope(scope));
    return { charts: this.charts, objects: this.objects, scopes, problems: this.problems };
  }

  private walk(construct: IConstruct, outerChart: string | undefined, outerScope: number): void {
    const start = this.objects.length;
    const chart = Chart.isChart(construct) ? this.enterChart(construct, outerChart) : outerChart;
    const scope = this.enterScope(construct, outerScope);
    if (chart !== undefined && ApiObject.isApiObject(construct)) this.render(construct, chart, scope);
    for (const child of construct.node.children) this.walk(child, chart, scope);
    this.ranges.set(construct, { start, end: this.objects.length });
  }

  private enterChart(chart: Chart, outer: string | undefined): string {
    const { path } = chart.node;
    if (outer !== undefined) {
      const fix = `place it beside that chart and say addDependency where order matters`;
      this.problems.push({ path, message: `is a chart inside the chart "${outer}"; ${fix}` });
      return outer;
    }
    if (path === "")
      this.problems.push({ path: "chart", message: "is outside of an App; create it inside one" });
    this.charts.push(path);
    return path;
  }

  private enterScope(construct: IConstruct, outer: number): number {
    const targets = construct.node.dependencies;
    if (targets.length === 0) return outer;
    this.scopes.push({ construct, parent: outer, targets });
    return this.scopes.length - 1;
  }

  private render(object: ApiObject, chart: string, scope: number): void {
    const { path } = object.node;
    const options = objectOptions(object);
    let json: unknown;
    try {
      json = object.toJson();
    } catch (error) {
      this.problems.push({ path, message: error instanceof Error ? error.message : String(error) });
      return;
    }
    for (const item of expandList(json, path)) {
      const manifest = asManifest(item.json);
      if (typeof manifest === "string") this.problems.push({ path: item.path, message: manifest });
      else this.objects.push({ chart, path: item.path, manifest, options, scope });
    }
  }

  private closeScope({ construct, parent, targets }: OpenScope): DependentScope {
    const { path } = construct.node;
    const range = this.ranges.get(construct) ?? { start: 0, end: 0 };
    const dependsOn = targets.flatMap((target) => {
      const targetRange = this.ranges.get(target);
      const problem = dependencyProblem(construct, target, targetRange !== undefined);
      if (problem !== undefined) this.problems.push({ path, message: problem });
      if (targetRange === undefined || problem !== undefined) return [];
      return [{ path: target.node.path, range: targetRange }];
    });
    return { path, parent, range, dependsOn };
  }
}

function dependencyProblem(from: IConstruct, to: IConstruct, planned: boolean): string | undefined {
  const target = `"${to.node.path}"`;
  if (!planned) return `depends on ${target}, which is not among the charts of this plan; plan them together`;
  if (from === to) return "depends on itself";
  if (from.node.scopes.includes(to))
    return `depends on ${target}, which contains it; depend on a part beside it`;
  if (to.node.scopes.includes(from))
    return `depends on ${target}, which lies inside it; depend on it from the parts beside it`;
  return undefined;
}

interface ListItem {
  readonly json: unknown;
  readonly path: string;
}

/** A List yields its items, in its own namespace if they name none; anything else yields itself. */
function expandList(json: unknown, path: string): readonly ListItem[] {
  if (!isJsonObject(json) || typeof json["kind"] !== "string" || !json["kind"].endsWith("List"))
    return [{ json, path }];
  const { items, apiVersion, kind } = json;
  if (!Array.isArray(items)) return [{ json, path }];
  const itemType = kind === "List" ? {} : { apiVersion, kind: json["kind"].slice(0, -"List".length) };
  const namespace = fieldOf(json, "metadata", "namespace");
  return items.flatMap((item: unknown, index) => {
    const itemPath = `${path}.items[${index}]`;
    if (!isJsonObject(item)) return [{ json: item, path: itemPath }];
    const metadata = { ...(namespace === undefined ? {} : { namespace }), ...asObject(item["metadata"]) };
    return expandList({ ...itemType, ...item, metadata }, itemPath);
  });
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {};
}
