import { topic } from "./row";

export const CONFIGURATION = topic({
  title: "The files",
  guide: "environment.md#how-an-environment-is-written",
  rows: {
    "config.invalid": {
      severity: "error",
      title: "configuration that cannot be read, or is not allowed",
      why: "A key does not exist, or a value is missing, of another type, or none that is allowed here. Most other checks run only on a file without such errors, since a plan of a file that was half understood would build something else than you meant. The message says what is allowed at this path; an editor shows the same by the JSON Schema that the file's first line names.",
    },
    "stack.setting": {
      severity: "error",
      title: "setting of the stack that is missing",
      why: "Some settings are not part of the environment, because they are secret or belong to Pulumi: a certificate that you give yourself, the kubeconfig of a cluster that somebody else made, and pulumi:disable-default-providers, without which one forgotten provider would write to whatever cloud or cluster your shell points at. Set it as the message says.",
    },
    "override.invalid": {
      severity: "error",
      title: "an override that breaks what others refer to",
      why: "An override in overrides.ts, or in the options of the program, returns arguments that name a resource which is not described, or two resources end up with one key. Registering would stop halfway. Correct the override; the message names the resource.",
    },
    "override.unmatched": {
      severity: "warning",
      title: "an override that reaches nothing",
      why: "The key of an override in overrides.ts, or in the options of the program, names no resource type, server, file or object of this environment, so that the override does nothing. Most are misspelt, or what they named has another name in this version. One that is meant for another environment of the same program is better given to that one alone.",
    },
  },
});
