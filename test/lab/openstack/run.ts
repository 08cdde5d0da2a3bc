/** run.ts FILE: one run of an environment, described by `LabEnvironment.apart`; prints each step as it begins. */
import { readFileSync } from "node:fs";
import { Engine } from "../../../rehearsal/engine";
import { infrastructure, type ApartRun } from "./environment";
import { watched } from "./steps";

async function main(file: string): Promise<void> {
  const { verb, options, plan } = JSON.parse(readFileSync(file, "utf8")) as ApartRun;
  const engine = await Engine.open({ ...options, program: () => Promise.resolve(infrastructure(plan)) });
  await watched((run) => engine[verb](run), { onStep: (step) => console.log(step) });
}

void main(process.argv[2] ?? "");
