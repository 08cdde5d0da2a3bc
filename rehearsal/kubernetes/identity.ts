/** Which cluster a client reaches, and with which identity: by the kubeconfig's contents, not by names of a program. */
import { createHash, X509Certificate } from "node:crypto";

import type { ClientIdentity } from "./authorization";

/** Characters of the hash that identifies a cluster. */
const DIGITS = 16;

/**
 * What identifies a cluster: its authority, which stays while addresses move; without one, the address of its API
 * server.
 * @param authority PEM
 */
export function clusterOf(server: string, authority: string | undefined): string {
  if (authority === undefined) return addressOf(server);
  return `authority-${createHash("sha256").update(authority.trim()).digest("hex").slice(0, DIGITS)}`;
}

/** The same address in one spelling. */
export function addressOf(server: string): string {
  return URL.canParse(server) ? new URL(server).href.replace(/\/+$/, "") : server;
}

/**
 * The common name and the organizations of a client certificate, as an API server reads them. A client with
 * a token, or without a certificate, has all rights here.
 * @param certificate PEM
 */
export function clientIdentity(certificate: string | undefined): ClientIdentity | undefined {
  if (certificate === undefined) return undefined;
  const fields = new X509Certificate(certificate).subject.split("\n").map((line) => {
    const equals = line.indexOf("=");
    return [line.slice(0, equals), line.slice(equals + 1)] as const;
  });
  const of = (name: string): readonly string[] =>
    fields.filter(([field]) => field === name).map(([, value]) => value);
  return { user: of("CN")[0] ?? "", groups: of("O") };
}
