/**
 * States as released versions of the program wrote them: one resource on each line, so that a reviewer can read them.
 * Nothing secret is kept: what was secret is replaced, each value by another one, so that what was equal still is.
 */
import { readFileSync, writeFileSync } from "node:fs";

import type { Deployment } from "@pulumi/pulumi/automation";

export type Resource = Readonly<Record<string, unknown>> & { readonly type: string };

/** Marks of the engine's own form: a secret, and the text that stands for its content. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** When and by which line it was made, which says nothing about what it is. */
const DROPPED: readonly string[] = ["created", "modified", "sourcePosition", "stackTrace"];

export function writeRecord(file: string, deployment: Deployment): void {
  const { resources } = deployment.deployment as { readonly resources: readonly Resource[] };
  const secrets = new Map<string, string>();
  const lines = resources.map((each) => JSON.stringify(recorded(each, secrets)));
  writeFileSync(file, `${lines.join("\n")}\n`);
}

export function readRecord(file: string): readonly Resource[] {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Resource);
}

/** A recorded state in place of the one that a stack has. */
export function withResources(deployment: Deployment, resources: readonly Resource[]): Deployment {
  return { ...deployment, deployment: { ...(deployment.deployment as object), resources } };
}

function recorded(resource: Resource, secrets: Map<string, string>): unknown {
  const kept = Object.entries(resource).filter(([name]) => !DROPPED.includes(name));
  const entries = kept.map(([name, value]) => [name, cleaned(value, name, secrets)]);
  return Object.fromEntries(entries);
}

function cleaned(value: unknown, name: string, secrets: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => cleaned(each, "", secrets));
  if (typeof value === "object" && value !== null) {
    if (Reflect.get(value, SIGNATURE) === SECRET)
      return { [SIGNATURE]: SECRET, plaintext: substitute(value, secrets) };
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cleaned(each, key, secrets)]));
  }
  // Boot files are long, ignored on what runs, and hold keys of the machine.
  return name === "userData" ? "recorded" : value;
}

function substitute(secret: object, secrets: Map<string, string>): string {
  const plaintext = String(Reflect.get(secret, "plaintext"));
  const known = secrets.get(plaintext) ?? JSON.stringify(`recorded-${secrets.size}`);
  secrets.set(plaintext, known);
  return known;
}
