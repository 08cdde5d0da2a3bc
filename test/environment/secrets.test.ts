/** Secrets and host names that follow from a configuration. */
import { datalabHosts } from "../../apps/datalab/hosts";
import { environments } from "../../catalog";
import { isOwner, type EnvironmentConfig, type OwnerConfig } from "../../environment/config";
import type { SecretPlan } from "../../environment/plan/types";
import { planned } from "../apps/manifests";

const prod = owner(planned("prod").config);
const tenant = planned("test").config;

function owner(config: EnvironmentConfig): OwnerConfig {
  if (!isOwner(config)) throw new Error("prod owns its cluster");
  return config;
}

function secretsOf(config: EnvironmentConfig, of?: EnvironmentConfig): readonly SecretPlan[] {
  return environments.plan(config, of).plan.secrets;
}

const named = (secrets: readonly SecretPlan[]) => secrets.map(({ kind, name }) => `${kind} ${name}`);
const DATALAB = [
  "password datalab.mongo-password",
  "keyPair datalab.auth-signing-key",
  "password datalab.minio-access-key",
  "password datalab.minio-secret-key",
];

test("an owner has its certificate and its applications' secrets; a tenant only the latter", () => {
  const own = secretsOf(prod);
  expect(named(own)).toEqual([
    "certificate ingress.default-certificate",
    ...DATALAB,
    "password vrrp/api",
    "password vrrp/edge",
    "password vrrp/storage",
    "wireGuardKey wireguard",
  ]);
  expect(own[0]).toMatchObject({ hosts: ["lab.example.org", "*.lab.example.org"] });
  expect(named(secretsOf(tenant, prod))).toEqual([...DATALAB, "password vrrp/edge"]);
});

test("a given certificate is read from the stack's configuration", () => {
  const given = secretsOf({ ...prod, ingress: { ...prod.ingress, certificate: "given" }, apps: {} });
  expect(given.slice(0, 2)).toEqual([
    { kind: "given", name: "ingress.default-certificate.certificate", configKey: "tlsCertificate" },
    { kind: "given", name: "ingress.default-certificate.key", configKey: "tlsKey" },
  ]);
});

test("hosts that the wildcard does not cover stand in the certificate by name, tenants' too", () => {
  if (prod.tenants["test"] === undefined) throw new Error("prod has a tenant");
  const hosts = ["deep.below.lab.example.org", "elsewhere.example.com", "flat.lab.example.org"];
  const [certificate] = secretsOf({ ...prod, tenants: { test: { ...prod.tenants["test"], hosts } } });
  expect(certificate).toMatchObject({
    hosts: ["lab.example.org", "*.lab.example.org", "deep.below.lab.example.org", "elsewhere.example.com"],
  });
});

test("hosts of prod and of its tenant do not meet on the shared controller", () => {
  expect(datalabHosts("datalabs.lab.example.org", true)).toEqual({
    lab: "datalabs.lab.example.org",
    docs: "datalabs-docs.lab.example.org",
    catalogue: "catalogue.lab.example.org",
  });
  expect(datalabHosts("test-datalabs.lab.example.org", false)).toEqual({
    lab: "test-datalabs.lab.example.org",
    docs: "test-datalabs-docs.lab.example.org",
    catalogue: "test-datalabs-catalogue.lab.example.org",
  });
  const [own, tenants] = [environments.plan(prod).plan.hosts, environments.plan(tenant, prod).plan.hosts];
  expect(own.filter((host) => tenants.includes(host))).toEqual([]);
  expect(environments.plan({ ...prod, apps: {} }).plan.hosts).toEqual([]);
});
