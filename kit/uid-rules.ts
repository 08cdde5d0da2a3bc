/**
 * Conditions on the users and groups of a pod, in CEL. An expression may check two rights at most, so a pod has at most
 * two users, two primary groups, and as many further groups as there are rules.
 */
import type { CelRule, CelVariable } from "./cel";

/** Further groups that a pod may have: fsGroup and supplementalGroups. */
const MOST_GROUPS = 8;

/** Lists of containers: their types differ, so what is read of them is joined, not they themselves. */
const LISTS = ["containers", "initContainers", "ephemeralContainers"];

type Field = "runAsUser" | "runAsGroup";

export function userVariables(): readonly CelVariable[] {
  return [numbers("uids", "runAsUser"), unnamed("userless", "runAsUser")];
}

export function groupVariables(): readonly CelVariable[] {
  return [
    numbers("gids", "runAsGroup"),
    unnamed("groupless", "runAsGroup"),
    {
      name: "groups",
      expression: `${ofPod("fsGroup")} + (${hasInPod("supplementalGroups")} ? variables.pod.securityContext.supplementalGroups : [])`,
    },
  ];
}

/** @param may whether the writer may use a UID */
export function userRules(may: (number: string) => string): readonly CelRule[] {
  return [
    named("userless", "user", "runAsUser"),
    atMostTwo("uids", "users", "runAsUser"),
    ...ends("uids", "UID", may),
  ];
}

/** @param may whether the writer may use a GID */
export function groupRules(may: (number: string) => string, strict: boolean): readonly CelRule[] {
  return [
    named("groupless", "group", "runAsGroup"),
    atMostTwo("gids", "primary groups", "runAsGroup"),
    ...ends("gids", "GID", may),
    {
      expression: `variables.groups.size() <= ${MOST_GROUPS}`,
      message: `a pod has at most ${MOST_GROUPS} groups in fsGroup and supplementalGroups together; leave some out`,
    },
    ...Array.from({ length: MOST_GROUPS }, (_, index) => {
      const group = `variables.groups[${index}]`;
      return allowed("GID", group, `variables.groups.size() <= ${index} || ${may(group)}`);
    }),
    ...(strict ? [STRICT] : []),
  ];
}

const STRICT: CelRule = {
  expression: `${hasInPod("supplementalGroupsPolicy")} && variables.pod.securityContext.supplementalGroupsPolicy == 'Strict'`,
  message:
    "the pod would have the groups that its images name in /etc/group; set securityContext.supplementalGroupsPolicy: Strict of the pod",
};

/** Values of a field, of the pod and of every container. */
function numbers(name: string, field: Field): CelVariable {
  const inContainers = LISTS.map((list) =>
    ofList(
      list,
      `.filter(container, ${hasInContainer(field)}).map(container, container.securityContext.${field})`,
    ),
  );
  return { name, expression: [ofPod(field), ...inContainers].join(" + ") };
}

/** Names of containers for which neither they nor their pod have the field: their image would decide. */
function unnamed(name: string, field: Field): CelVariable {
  const inContainers = LISTS.map((list) =>
    ofList(list, `.filter(container, !(${hasInContainer(field)})).map(container, container.name)`),
  );
  return { name, expression: `${hasInPod(field)} ? [] : ${inContainers.join(" + ")}` };
}

function ofPod(field: string): string {
  return `(${hasInPod(field)} ? [variables.pod.securityContext.${field}] : [])`;
}

function ofList(list: string, read: string): string {
  return `(has(variables.pod.${list}) ? variables.pod.${list}${read} : [])`;
}

function hasInPod(field: string): string {
  return `has(variables.pod.securityContext) && has(variables.pod.securityContext.${field})`;
}

function hasInContainer(field: string): string {
  return `has(container.securityContext) && has(container.securityContext.${field})`;
}

function named(variable: string, what: string, field: Field): CelRule {
  const text = `each container, or its pod, names its ${what} under securityContext.${field}; without: `;
  return {
    expression: `variables.${variable}.size() == 0`,
    message: text.replace("; without: ", ""),
    messageExpression: `'${text}' + variables.${variable}.join(', ')`,
  };
}

function atMostTwo(variable: string, what: string, field: Field): CelRule {
  const list = `variables.${variable}`;
  return {
    expression: `${list}.all(number, number == ${list}.min() || number == ${list}.max())`,
    message: `the containers of a pod have at most two ${what}; write one ${field} for all of them`,
  };
}

/** The least and the greatest one, which are all. */
function ends(variable: string, what: "UID" | "GID", may: (number: string) => string): readonly CelRule[] {
  const list = `variables.${variable}`;
  return [
    allowed(what, `${list}.min()`, `${list}.size() == 0 || ${may(`${list}.min()`)}`),
    allowed(
      what,
      `${list}.max()`,
      `${list}.size() == 0 || ${list}.min() == ${list}.max() || ${may(`${list}.max()`)}`,
    ),
  ];
}

function allowed(what: "UID" | "GID", number: string, expression: string): CelRule {
  const right = what === "UID" ? "uids" : "gids";
  return {
    expression,
    message: `the writer may not use a ${what} of the pod`,
    messageExpression: `request.userInfo.username + ' may not use the ${what} ' + string(${number}) + ' in ' + request.namespace + '; it takes the verb use on ${right}/' + string(${number}) + ' of labstead.dev'`,
  };
}
