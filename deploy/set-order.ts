/**
 * The order among the sets of namespaces and the objects that stay resources of their own: that of the objects in them,
 * as far as whole sets can have it.
 */
import type { PlannedObject } from "./plan";

/** What is registered as one resource. */
export type Unit = SingleUnit | SetUnit;

interface OrderedUnit {
  /** Unique among the units of a plan. */
  readonly key: string;
  /** Keys of earlier units, which exist before it and are deleted after it. */
  readonly after: readonly string[];
}

/** An object that stays one resource. */
export interface SingleUnit extends OrderedUnit {
  readonly kind: "single";
  readonly object: PlannedObject;
}

/** The objects of a namespace, or those outside of namespaces. */
export interface SetUnit extends OrderedUnit {
  readonly kind: "set";
  readonly namespace: string | undefined;
  readonly objects: readonly PlannedObject[];
}

/** A unit without its order. */
interface Group {
  readonly key: string;
  /** Undefined for a set. */
  readonly single: PlannedObject | undefined;
  readonly namespace: string | undefined;
  readonly objects: PlannedObject[];
  /** Keys of other groups with objects that its own objects depend on, directly or not. */
  readonly needs: Set<string>;
}

/** Key of the set outside of namespaces. */
const OUTSIDE = "outside";

/**
 * Divides a plan among namespaces, in the order of registration. Single objects that need no set come first, then the set
 * of what is outside of namespaces, such as definitions and policies. Every other unit follows those with objects that its
 * own objects need, and a set follows the single objects of its namespace too. Of two units that need each other neither
 * waits: each would have to be complete before the other one.
 * @param objects each follows its dependencies
 * @param apart which objects stay single
 */
export function unitsOfNamespaces(
  objects: readonly PlannedObject[],
  apart: (object: PlannedObject) => boolean,
): readonly Unit[] {
  const groups = groupsOf(objects, apart);
  const before = new Predecessors(groups);
  const units = new Map<string, Unit>();
  const entered = new Set<string>();
  const place = (group: Group): void => {
    if (entered.has(group.key)) return;
    entered.add(group.key);
    const earlier = before.of(group);
    earlier.forEach(place);
    // On a circle of more than two, those that have been entered and not placed yet are left out.
    const after = earlier.map(({ key }) => key).filter((key) => units.has(key));
    units.set(group.key, unitOf(group, after));
  };
  for (const group of groups.values()) place(group);
  return [...units.values()];
}

function unitOf({ key, single, namespace, objects }: Group, after: readonly string[]): Unit {
  return single === undefined
    ? { kind: "set", key, after, namespace, objects }
    : { kind: "single", key, after, object: single };
}

/** In the order of their first objects. */
function groupsOf(
  objects: readonly PlannedObject[],
  apart: (object: PlannedObject) => boolean,
): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  const reach = new Reach();
  for (const object of objects) {
    const { namespace } = object.manifest.metadata;
    const single = apart(object) ? object : undefined;
    const key = single?.identity ?? (namespace === undefined ? OUTSIDE : `namespace ${namespace}`);
    const group = groups.get(key) ?? { key, single, namespace, objects: [], needs: new Set<string>() };
    groups.set(key, group);
    group.objects.push(object);
    for (const need of reach.enter(object, key)) if (need !== key) group.needs.add(need);
  }
  return groups;
}

/** Groups that objects depend on through any number of others. */
class Reach {
  readonly #keys = new Map<string, string>();
  readonly #reached = new Map<string, ReadonlySet<string>>();
  /** By the list of dependencies, which many objects share. */
  readonly #known = new Map<readonly string[], ReadonlySet<string>>();

  /** @param key of the object's group */
  enter({ identity, dependsOn }: PlannedObject, key: string): ReadonlySet<string> {
    const reached = this.#known.get(dependsOn) ?? this.union(dependsOn);
    this.#known.set(dependsOn, reached);
    this.#keys.set(identity, key);
    this.#reached.set(identity, reached);
    return reached;
  }

  private union(identities: readonly string[]): ReadonlySet<string> {
    const union = new Set<string>();
    for (const identity of identities) {
      const key = this.#keys.get(identity);
      if (key !== undefined) union.add(key);
      for (const each of this.#reached.get(identity) ?? []) union.add(each);
    }
    return union;
  }
}

/** What comes before each group. */
class Predecessors {
  /** Single objects that need no set. */
  readonly #free: readonly Group[];
  readonly #outside: Group | undefined;
  readonly #singles = new Map<string | undefined, Group[]>();

  constructor(private readonly groups: ReadonlyMap<string, Group>) {
    const singles = [...groups.values()].filter(({ single }) => single !== undefined);
    const isSingle = (key: string): boolean => groups.get(key)?.single !== undefined;
    this.#free = singles.filter(({ needs }) => [...needs].every(isSingle));
    this.#outside = groups.get(OUTSIDE);
    for (const each of singles) {
      const same = this.#singles.get(each.namespace) ?? [];
      this.#singles.set(each.namespace, same);
      same.push(each);
    }
  }

  of(group: Group): readonly Group[] {
    if (group === this.#outside) return this.#free;
    const needed = [...group.needs].flatMap((key) => this.groups.get(key) ?? []);
    const always = this.#outside === undefined ? this.#free : [this.#outside];
    const own = this.#singles.get(group.namespace) ?? [];
    const before = new Set(group.single === undefined ? [...always, ...needed, ...own] : needed);
    return [...before].filter((each) => each === this.#outside || !each.needs.has(group.key));
  }
}
