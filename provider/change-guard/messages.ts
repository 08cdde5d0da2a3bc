/** Messages of the guard: what would be disrupted, how to do it in order, and how to allow it. */
import type { Allowance } from "./inputs";
import type { Change } from "./change";
import { nextMinor, type Lag } from "./judge";
import { LEAVES } from "./leaving";
import { lostLines, type QuorumVerdict } from "./quorum";

/** Names that are written out before the rest is counted. */
const NAMED = 4;

/** One text over all changes, so that a person sees all of them at once. */
export function refusal(
  changes: readonly Change[],
  stack: string,
  quorums: readonly QuorumVerdict[] = [],
): string {
  const groups = grouped(changes, ({ name, fact, was }) =>
    [fact.at, name, was, fact.value, fact.effect].join("\n"),
  );
  return [
    "this would disturb what runs, so nothing was changed",
    ...groups.flatMap((group) => groupLines(group, stack)),
    ...quorums.flatMap(lostLines),
  ].join("\n");
}

function groupLines(group: readonly [Change, ...Change[]], stack: string): readonly string[] {
  return [
    `  ${changeText(group)}`,
    ...remedies(group).map((line) => `    ${line}`),
    ...protectedLines(group, stack),
  ];
}

function changeText(group: readonly [Change, ...Change[]]): string {
  const [{ fact, name, was }] = group;
  const keys = group.map(({ key }) => key);
  if (name === LEAVES)
    return `${fact.at}: ${names(keys)} ${keys.length === 1 ? "leaves" : "leave"} ${fact.effect}`;
  const values = fact.opaque === true ? "changes" : `${was === "" ? "unset" : was} → ${fact.value}`;
  // A setting that is watched by itself is named already.
  const ofSetting = fact.recordedAs !== undefined || keys.every((key) => key === fact.at);
  const of = ofSetting ? "" : ` ${names(keys)}`;
  return `${fact.at}: ${values} ${fact.effect}${of}`;
}

function remedies(group: readonly [Change, ...Change[]]): readonly string[] {
  const [{ fact, was }] = group;
  const rolls = distinct(group.flatMap(({ resource }) => resource.roll ?? []));
  const roll = rolls.length === 0 ? [] : [`to roll them one by one: count up ${rolls.join(", ")}`];
  const instead = fact.instead === undefined ? [] : [fact.instead];
  const keys = group.map(({ key }) => key);
  const allowance = `changes.allow: [{ resource: ${pattern(keys)}, change: ${fact.change}, to: ${fact.value} }]`;
  switch (fact.change) {
    case "grow":
    case "told":
      return [`write ${was} again; for less, make a new one beside it and move what is on it`];
    case "fixed":
      return [`write ${was} again${fact.instead === undefined ? "" : `; ${fact.instead}`}`];
    case "rolled":
      return roll;
    case "later":
      return [...roll, `to let them wait until they are rolled: ${allowance}`];
    case "restart":
    case "replace":
      return [...roll, ...instead, `to allow it as it is: ${allowance}`];
    case "interrupt":
      return [...instead, `to allow it: ${allowance}`];
    case "release":
      if (fact.value === nextMinor(was)) return roll;
      return [
        `a release is followed by the next one only, and by none before: write ${nextMinor(was)}, or ${was} again`,
        ...(was === nextMinor(fact.value)
          ? [
              `to go back before a control plane has come to ${was}: set its generation back, and ${allowance}`,
            ]
          : []),
      ];
  }
}

/** Only a replacement needs the protection removed. */
function protectedLines(group: readonly Change[], stack: string): readonly string[] {
  const urns = group.flatMap(({ fact, resource }) =>
    fact.change === "replace" ? (resource.protected ?? []) : [],
  );
  return urns.map((urn) => `    and it is protected: pulumi state unprotect '${urn}' -s ${stack}`);
}

/** One text over everything that waits for a new generation; undefined if nothing does. */
export function lagText(lags: readonly Lag[]): string | undefined {
  if (lags.length === 0) return undefined;
  const lines = grouped(lags, factText).map((group) => {
    const keys = group.map(({ key }) => key);
    return `  ${factText(group[0])}: ${names(keys)}`;
  });
  const rolls = distinct(lags.flatMap(({ roll = [] }) => roll));
  const remedy = rolls.length === 0 ? [] : [`  to roll them one by one: count up ${rolls.join(", ")}`];
  return ["configured, and waiting until the next generation of", ...lines, ...remedy].join("\n");
}

/** Without a single setting, `userData` is shown as user data. */
function factText({ name, at, made, is, opaque }: Lag): string {
  const words = at === "" ? name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) : at;
  return opaque ? `other ${words}` : `${words} ${made === "" ? "unset" : made} → ${is}`;
}

/** Of the VIP for the API, by its resource's key. */
const API_ADDRESS = "floating-ip/vip/api";
const API_ADDRESS_HINT =
  "  the API's VIP has a floating IP while access from outside is allowed; cluster.api.floatingIp: true keeps it, and allows no access";

/** The engine itself refuses this, but only at the end of a preview. */
export function removedText(keys: readonly string[]): string | undefined {
  if (keys.length === 0) return undefined;
  return [
    `no longer configured, and protected: ${names(keys)}`,
    ...(keys.includes(API_ADDRESS) ? [API_ADDRESS_HINT] : []),
    "  where a key was renamed, add under the new one `formerly:` with the old one, and all stays",
    "  else put it back; or, if what is in it is not needed, unprotect it as the engine says",
  ].join("\n");
}

export function unusedText({ resource, change, to }: Allowance): string {
  return `changes.allow: { resource: ${resource}, change: ${change}, to: ${to} } fits no change of this run; remove it if the change is done`;
}

function names(keys: readonly string[]): string {
  if (keys.length <= NAMED) return keys.join(", ");
  return `${keys.slice(0, NAMED - 1).join(", ")} and ${keys.length - NAMED + 1} more`;
}

/** The narrowest pattern of whole segments that fits all. */
function pattern(keys: readonly string[]): string {
  const [first = [], ...others] = keys.map((key) => key.split("/"));
  if (others.length === 0) return first.join("/");
  const differs = (at: number) => others.some((other) => other.at(at) !== first.at(at));
  const shortest = Math.min(first.length, ...others.map(({ length }) => length));
  let start = 0;
  while (start < shortest && !differs(start)) start++;
  let end = 0;
  while (end < shortest - start - 1 && !differs(-1 - end)) end++;
  return [...first.slice(0, start), "*", ...first.slice(first.length - end)].join("/");
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** In the order of the first of each group. */
function grouped<T>(all: readonly T[], by: (each: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const each of all) {
    const group = groups.get(by(each));
    if (group === undefined) groups.set(by(each), [each]);
    else group.push(each);
  }
  return [...groups.values()];
}
