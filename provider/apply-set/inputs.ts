/** The inputs of ApplySet: rules, and what state and memory store of them. */
import { isList, isMap, reveal, Secret, UNKNOWN } from "../../provider-protocol";
import type { CheckFailure, PropertyMap, PropertyValue } from "../../provider-protocol";
import { apiRouteRule, failuresOf, kubeconfigRule, oneOf, optionalSeconds, saltRule, text } from "../inputs";
import type { InputRules, Rule } from "../inputs";
import { API_ROUTES } from "../kubernetes-api/api-route";
import type { ApiRoute } from "../kubernetes-api/api-route";
import { parseKubeconfig } from "../kubernetes-api/kubeconfig";
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import { CONFLICT_POLICIES } from "./apply-object";
import type { ConflictPolicy } from "./apply-object";
import { canonicalText, digestOf } from "./entries";
import { isUnknownAsAWhole, manifestsIn } from "./given-manifests";
import type { SetIdentity } from "./identity";
import type { CheckedManifest } from "./manifests";
import { READINESS } from "./readiness";
import type { Readiness } from "./readiness";
import { digestsIn } from "./state";

/** Longest names of a set and of its namespace: both are in the name of its field manager, which has at most 128 characters. */
const NAME_LENGTH = 50;
const NAMESPACE_LENGTH = 63;

const nameRule =
  (length: number, example: string): Rule =>
  (value) =>
    typeof value === "string" && value.length <= length && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value)
      ? undefined
      : `is a name of at most ${length} lower-case letters, digits and hyphens, such as ${example}`;

const optionalFlag: Rule = (value) =>
  value === null || typeof value === "boolean" ? undefined : "is true or false";

const optionalTexts =
  (example: string): Rule =>
  (value) =>
    value === null || (isList(value) && value.every((each) => text(each) !== ""))
      ? undefined
      : `is a list of texts, such as ["${example}"]`;

const optionalPaths: Rule = (value) =>
  value === null ||
  (isMap(value) && Object.values(value).every((each) => optionalTexts("")(each) === undefined))
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
    "notAwaited",
    "deletesData",
    "readiness",
    "readyTimeoutSeconds",
    "how",
  ],
  rules: {
    kubeconfig: kubeconfigRule,
    name: nameRule(NAME_LENGTH, "users"),
    namespace: nameRule(NAMESPACE_LENGTH, "default"),
    salt: saltRule,
    conflicts: oneOf(CONFLICT_POLICIES),
    takesOver: optionalTexts("pulumi-kubernetes"),
    initialOnly: optionalPaths,
    notAwaited: optionalTexts("lab/home/PersistentVolumeClaim"),
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
  "notAwaited",
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
  const { known, unknown, problems } = manifestsIn(given);
  const manifests = new Map<string, CheckedManifest>();
  const objects: Record<string, PropertyValue> = {};
  for (const key of unknown) objects[key] = UNKNOWN;
  for (const [key, { manifest, isSecret }] of known) {
    if (typeof salt !== "string") {
      objects[key] = UNKNOWN;
      continue;
    }
    const plain = canonicalText(manifest);
    const digest = digestOf(salt, key, plain);
    objects[key] = digest;
    manifests.set(key, { digest, text: plain, isSecret });
  }
  const { manifests: _known, boundManifests: _bound, ...others } = given;
  return {
    inputs: {
      ...settingsIn(given),
      kubeconfig: new Secret(given["kubeconfig"] ?? null),
      salt: new Secret(given["salt"] ?? null),
      objects: isUnknownAsAWhole(given) ? UNKNOWN : objects,
    },
    failures: [...failuresOf(RULES, others), ...renamed(oldInputs, given), ...problems],
    manifests,
  };
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
  /** Entry keys of objects without which the set is ready. */
  readonly notAwaited: ReadonlySet<string>;
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
  const { takesOver, initialOnly, notAwaited, readyTimeoutSeconds } = plain;
  return {
    access: parseKubeconfig(text(plain["kubeconfig"])),
    set: { namespace: text(plain["namespace"]), name: text(plain["name"]) },
    objects: digestsIn(objects),
    conflicts: CONFLICT_POLICIES.find((each) => each === plain["conflicts"]) ?? "refuse",
    takesOver: texts(takesOver),
    initialOnly: new Map(
      Object.entries(isMap(initialOnly) ? initialOnly : {}).map(([key, paths]) => [key, texts(paths)]),
    ),
    notAwaited: new Set(texts(notAwaited)),
    deletesData: plain["deletesData"] === true,
    readiness: READINESS.find((each) => each === plain["readiness"]) ?? "applied",
    readyTimeoutSeconds:
      typeof readyTimeoutSeconds === "number" ? readyTimeoutSeconds : READY_TIMEOUT_SECONDS,
    how: API_ROUTES.find((route) => route === plain["how"]) ?? "direct",
  };
}
