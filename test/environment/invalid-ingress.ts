/** What is wrong with the ingress controller's settings. */
import type { Row } from "./invalid-schema";

export const INGRESS_ROWS: Readonly<Record<string, readonly Row[]>> = {
  "the ingress controller": [
    [
      { ingress: { kind: "ingress-nginx", migration: {} } },
      "ingress.migration: is the way to Traefik, and ingress.kind is ingress-nginx; write kind: traefik, or leave the key out",
    ],
    [
      { ingress: { kind: "traefik", migration: { moved: ["lab.elsewhere.org", "more.lab.example.org"] } } },
      'ingress.migration.moved: "lab.elsewhere.org" is served by no part and no tenant, and is not below lab.example.org; correct the host',
    ],
    [
      { ingress: { certificate: "issuer" } },
      'ingress.certificate: "issuer" is without an issuer; name it by ingress.issuer: {name: letsencrypt}',
    ],
    [
      { ingress: { issuer: { name: "letsencrypt" } } },
      'ingress.issuer: is not asked, since ingress.certificate is "selfSigned"; write certificate: issuer, or leave the key out',
    ],
    [
      { "ingress.timeouts": { connectSeconds: 90, readSeconds: 0, sendSeconds: 0.5 } },
      "ingress.timeouts.connectSeconds: 90 is too long; write at most 75 seconds",
      "ingress.timeouts.readSeconds: 0 is too short; write 1 second or more",
      "ingress.timeouts.sendSeconds: 0.5 is not a whole number of seconds; write 1 or more",
    ],
    [
      { "ingress.bodySize": "10m" },
      'ingress.bodySize: "10m" is not an amount of memory or disk; write a whole number and its unit, such as 512Mi or 1Gi',
    ],
  ],
};
