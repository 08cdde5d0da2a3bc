/** The inputs of ApplySet: rules, and what state and memory store of them. */
import { containsUnknown, isList, isMap, reveal, Secret, Unknown, UNKNOWN } from "../../provider-protocol";
import type { CheckFailure, PlainMap, PlainValue, PropertyMap, PropertyValue } from "../../provider-protocol";
import { apiRouteRule, failuresOf, kubeconfigRule, oneOf, optionalSeconds, saltRule, text } from "../inputs";
import type { InputRules, Rule } from "../inputs";
import { API_ROUTES } from "../kubernetes-api/api-route";
import type { ApiRoute } from "../kubernetes-api/api-route";
import { parseKubeconfig } from "../kubernetes-api/kubeconfig";
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import { CONFLICT_POLICIES } from "./apply-object";
import type { ConflictPolicy } from "./apply-object";
import { digestOf, entryKey, isPlainMap, refOf } from "./entries";
import type { SetIdentity } from "./identity";
import type { CheckedManifest } from "./manifests";
import { READINESS } from "./readiness";
import type { Readiness } from "./readiness";
import { digestsIn } from "./state";

/** Longest name of a set or its namespace: both are in the name of its field manager, which has at most 128 characters. */
const NAME_LENGTH = 50;

const nameRule: Rule = (value) =>
  typeof value === "string" && value.length <= NAME_LENGTH && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value)
    ? undefined
    : `is a name of at most ${NAME_LENGTH} lower-case letters, digits and hyphens, such as users`;

const optionalFlag: Rule = (value) =>
  value === null || typeof value === "boolean" ? undefined : "is true or false";

const optionalTexts: Rule = (value) =>
  value === null || (isList(value) && value.every((each) => text(each) !== ""))
    ? undefined
    : 'is a list of texts, such as ["pulumi-kubernetes"]';

const optionalPaths: Rule = (value) =>
  value === null || (isMap(value) && Object.values(value).every((each) => optionalTexts(each) === undefined))
    ? undefined
    : 'is a map of entry keys to paths, such as {"lab/api/Deployment.apps": ["spec.replicas"]}';

const RULES: InputRules = {
  resource: "ApplySet",
  known: [
    "kubeconfig",
    "name",
    "namespace",
    "salt",
    "manifests",
    "boundManifests",
    "conflicts",
    "takesOver",
    "initialOnly",
    "deletesData",
    "readiness",
    "readyTimeoutSeconds",
    "how",
  ],
  rules: {
    kubeconfig: kubeconfigRule,
    name: nameRule,
    namespace: nameRule,
    salt: saltRule,
    conflicts: oneOf(CONFLICT_POLICIES),
    takesOver: optionalTexts,
    initialOnly: optionalPaths,
    deletesData: optionalFlag,
    readiness: oneOf(READINESS),
    readyTimeoutSeconds: optionalSeconds,
    how: apiRouteRule,
  },
};

/** Inputs that only describe how to apply: they are stored in state as given. */
const SETTINGS = [
  "name",
  "namespace",
  "conflicts",
  "takesOver",
  "initialOnly",
  "deletesData",
  "readiness",
  "readyTimeoutSeconds",
  "how",
];

/** What `Check` returns to the engine, and what stays in memory. */
export interface Checked {
  readonly inputs: PropertyMap;
  readonly failures: readonly CheckFailure[];
  readonly manifests: ReadonlyMap<string, CheckedManifest>;
}

/** Manifests become digests. An unknown one stays unknown, individually. */
export function checked(given: PropertyMap, oldInputs: PropertyMap): Checked {
  const { salt } = reveal({ salt: given["salt"] ?? null });
  const manifests = new Map<string, CheckedManifest>();
  const objects: Record<string, PropertyValue> = {};
  const failures: CheckFailure[] = [];
  for (const [key, { value, isSecret }] of manifestsIn(given)) {
    const read = value instanceof Unknown ? undefined : readManifest(key, text(value));
    if (typeof read === "string") failures.push({ property: "", reason: `the manifest of ${key} ${read}` });
    if (read === undefined || typeof read === "string" || typeof salt !== "string") {
      objects[key] = UNKNOWN;
      continue;
    }
    const digest = digestOf(salt, key, read);
    objects[key] = digest;
    manifests.set(key, { digest, text: text(value), isSecret });
  }
  const { manifests: _known, boundManifests: _bound, ...others } = given;
  return {
    inputs: {
      ...settingsIn(given),
      kubeconfig: new Secret(given["kubeconfig"] ?? null),
      salt: new Secret(given["salt"] ?? null),
      objects: containsUnknownMap(given) ? UNKNOWN : objects,
    },
    failures: [...failuresOf(RULES, others), ...renamed(oldInputs, given), ...failures],
    manifests,
  };
}

interface GivenManifest {
  readonly value: PropertyValue;
  readonly isSecret: boolean;
}

/** A value of `manifests` is secret if its object is; a bound one is secret if the bound value is. */
function manifestsIn(given: PropertyMap): readonly (readonly [string, GivenManifest])[] {
  const known = mapIn(given["manifests"]).map(
    ([key, value]) => [key, { value: reveal(value), isSecret: isSecretKind(key) }] as const,
  );
  const bound = mapIn(given["boundManifests"]).map(([key, value]) => {
    const isSecret = isSecretKind(key) || value instanceof Secret;
    return [key, { value: reveal(value), isSecret }] as const;
  });
  return [...known, ...bound];
}

function mapIn(given: PropertyValue | undefined): readonly (readonly [string, PropertyValue])[] {
  const value = given instanceof Secret ? given.value : given;
  return isMap(value) ? Object.entries(value) : [];
}

function isSecretKind(key: string): boolean {
  return key.endsWith("/Secret");
}

function containsUnknownMap(given: PropertyMap): boolean {
  return ["manifests", "boundManifests"].some((name) => {
    const value = given[name] ?? null;
    return !isMap(value) && containsUnknown(value) && reveal(value) instanceof Unknown;
  });
}

/** The manifest, or its problem, which never includes its contents. */
function readManifest(key: string, given: string): PlainMap | string {
  let manifest: PlainValue;
  try {
    manifest = JSON.parse(given) as PlainValue;
  } catch {
    return "is no JSON";
  }
  if (!isPlainMap(manifest)) return "is no object";
  const ref = refOf(manifest);
  if (ref === undefined) return "has no apiVersion, kind or metadata.name";
  return entryKey(ref) === key ? manifest : `describes ${entryKey(ref)}`;
}

function settingsIn(given: PropertyMap): PropertyMap {
  return Object.fromEntries(
    SETTINGS.flatMap((name) => {
      const value = given[name];
      return value === undefined || value === null ? [] : [[name, value] as const];
    }),
  );
}

/** Another name means another set: its objects would be deleted and recreated. */
function renamed(oldInputs: PropertyMap, given: PropertyMap): readonly CheckFailure[] {
  return ["name", "namespace"].flatMap((property) => {
    const [before, after] = [oldInputs[property], given[property]];
    if (before === undefined || before === after) return [];
    const reason = `is ${JSON.stringify(before)} and cannot change: every object would be deleted and made again; give it back, or declare a second set and remove this one`;
    return [{ property, reason }];
  });
}

/** Complete and known inputs. */
export interface ApplySetInputs {
  readonly access: ClusterAccess;
  readonly set: SetIdentity;
  /** Digests by entry key. */
  readonly objects: ReadonlyMap<string, string>;
  readonly conflicts: ConflictPolicy;
  readonly takesOver: readonly string[];
  /** Paths by entry key. */
  readonly initialOnly: ReadonlyMap<string, readonly string[]>;
  readonly deletesData: boolean;
  readonly readiness: Readiness;
  readonly readyTimeoutSeconds: number;
  readonly how: ApiRoute;
}

function texts(value: PropertyValue | undefined): readonly string[] {
  return isList(value) ? value.map(text) : [];
}

const READY_TIMEOUT_SECONDS = 600;

/** @param inputs as `Check` returned them */
export function applySetInputs(inputs: PropertyMap): ApplySetInputs {
  const { objects, ...others } = inputs;
  const plain = reveal(others);
  const { takesOver, initialOnly, readyTimeoutSeconds } = plain;
  return {
    access: parseKubeconfig(text(plain["kubeconfig"])),
    set: { namespace: text(plain["namespace"]), name: text(plain["name"]) },
    objects: digestsIn(objects),
    conflicts: CONFLICT_POLICIES.find((each) => each === plain["conflicts"]) ?? "refuse",
    takesOver: texts(takesOver),
    initialOnly: new Map(mapIn(initialOnly).map(([key, paths]) => [key, texts(paths)])),
    deletesData: plain["deletesData"] === true,
    readiness: READINESS.find((each) => each === plain["readiness"]) ?? "applied",
    readyTimeoutSeconds:
      typeof readyTimeoutSeconds === "number" ? readyTimeoutSeconds : READY_TIMEOUT_SECONDS,
    how: API_ROUTES.find((route) => route === plain["how"]) ?? "direct",
  };
}
