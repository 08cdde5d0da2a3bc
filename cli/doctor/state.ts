/** `labstead doctor` for the state and for credentials that expire. */
import { environments } from "../../catalog";
import { statSync } from "node:fs";
import { bucketPlace } from "../../environment/backend-url";
import { credentialExpiry } from "../../environment/checks/credentials";
import { isOwner } from "../../environment/config";
import { PROJECT_FILE, readProject, type Project } from "../../environment/project-file";
import { stackFile, stacksIn } from "../../environment/stack-file";
import type { Diagnosis } from "./diagnosis";
import { withBucket, type Versioning } from "../shared/state-bucket";
import { backendMismatch } from "../shared/project-backend";
import { placeText } from "../shared/backend-failure";

type Environment = NodeJS.ProcessEnv;

/** Location of the state, whether its bucket answers and has versioning, and whether its secrets can be read. */
export async function diagnoseState(directory: string, env: Environment): Promise<readonly Diagnosis[]> {
  const read = readProject(directory);
  if (!read.ok) return [];
  const reason = backendMismatch(read.project, env);
  if (reason !== undefined) {
    const [detail = "", fix = ""] = reason.split("; run: ");
    return [optional("state", detail, fix)];
  }
  return [await place(read.project, env), ...passphrase(read.project, env)];
}

async function place({ backendUrl }: Project, env: Environment): Promise<Diagnosis> {
  const url = env["PULUMI_BACKEND_URL"] ?? backendUrl;
  if (url === undefined)
    return optional(
      "state",
      "where pulumi login says",
      `choose labstead.state in ${PROJECT_FILE}, see docs/state.md`,
    );
  const bucket = bucketPlace(url);
  if (bucket === undefined) return ok("state", url);
  try {
    return versions(placeText(url), await withBucket(bucket, (each) => each.versioning()));
  } catch (error) {
    return optional("state", error instanceof Error ? error.message : String(error), "see docs/state.md");
  }
}

function versions(where: string, versioning: Versioning): Diagnosis {
  if (versioning === "on") return ok("state", `${where}, which keeps old versions`);
  return versioning === "unknown"
    ? optional(
        "state",
        `${where}, which does not report versions`,
        "keep copies: labstead state backup <stack>",
      )
    : optional(
        "state",
        `${where}, which keeps no old versions`,
        "switch the bucket's versioning on, see docs/state.md",
      );
}

function passphrase({ state }: Project, env: Environment): readonly Diagnosis[] {
  if (state?.secrets.kind !== "passphrase") return [];
  const given = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"].find(
    (name) => env[name] !== undefined,
  );
  return given === undefined
    ? [
        optional(
          "passphrase",
          "not given",
          "export PULUMI_CONFIG_PASSPHRASE_FILE=<a file that only you read>",
        ),
      ]
    : [ok("passphrase", `by ${given}`)];
}

/** Application credentials of the environments here that expire soon or have expired. */
export function diagnoseCredentials(directory: string, now: Date): readonly Diagnosis[] {
  return stacksIn(directory).flatMap((stack) => {
    const read = environments.readFile(stackFile(directory, stack));
    if (!read.ok || !isOwner(read.config)) return [];
    return credentialExpiry(read.config, now).map(({ path, explanation, fix }) =>
      optional(`credential of ${stack}`, `${path}: ${explanation}`, fix),
    );
  });
}

/** A file with a password in it that others may read. */
export function diagnoseMode(file: string): readonly Diagnosis[] {
  const others = statSync(file).mode & 0o077;
  return others === 0 ? [] : [optional("clouds.yaml", `${file} can be read by others`, `chmod 600 ${file}`)];
}

function ok(what: string, detail: string): Diagnosis {
  return { what, state: "ok", detail, fix: "" };
}

function optional(what: string, detail: string, fix: string): Diagnosis {
  return { what, state: "optional", detail, fix };
}
