/** Facts that commands read from a stack's outputs: addresses, host keys, kubeconfigs; checked before they are used. */
import { z } from "zod";
import { UserError } from "./failure";
import type { Outputs } from "./stack-outputs";

const shape = z.object({
  servers: z.record(z.string(), z.object({ address: z.string().min(1) })),
  floatingIps: z.record(z.string(), z.string().min(1)),
  sshHostKeys: z.record(z.string(), z.string().min(1)),
  personKubeconfigs: z.record(z.string(), z.string().min(1)),
  wireGuardPublicKey: z.string().min(1).optional(),
});

export type StackFacts = z.output<typeof shape>;

/** @throws UserError for outputs of another version of the program */
export function stackFacts(environment: string, { values, up }: Outputs): StackFacts {
  const parsed = shape.safeParse(values);
  if (parsed.success) return parsed.data;
  const missing = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  throw new UserError(
    `${environment} was brought up by another version of this program, whose outputs lack ${missing.join(", ")}; first run: ${up}`,
  );
}

export function innerAddresses({ servers }: StackFacts): ReadonlyMap<string, string> {
  return new Map(Object.entries(servers).map(([key, { address }]) => [key, address]));
}

/** By server. */
export function outerAddresses({ floatingIps }: StackFacts): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(floatingIps).flatMap(([key, ip]) => {
      const server = /^server\/(.*)$/.exec(key)?.[1];
      return server === undefined ? [] : [[server, ip] as const];
    }),
  );
}
