/** Secrets and host names that follow from a configuration. */
import { isOwner } from "../../environment/config";
import { datalabHosts, servedHosts } from "../../environment/hosts";
import { plannedSecrets } from "../../environment/secrets";
import { planned } from "../apps/manifests";

const prod = planned("prod").config;
const tenant = planned("test").config;
const DATALAB = [
  { kind: "password", name: "datalab.mongo-password", length: 32 },
  { kind: "keyPair", name: "datalab.auth-signing-key", algorithm: "RSA", bits: 2048 },
  { kind: "password", name: "datalab.minio-access-key", length: 20 },
  { kind: "password", name: "datalab.minio-secret-key", length: 40 },
];

test("an owner has its certificate and its applications' secrets; a tenant only the latter", () => {
  expect(plannedSecrets(prod)).toEqual([
    {
      kind: "certificate",
      name: "ingress.default-certificate",
      hosts: ["lab.example.org", "*.lab.example.org"],
    },
    ...DATALAB,
  ]);
  expect(plannedSecrets(tenant)).toEqual(DATALAB);
});

test("a given certificate is read from the stack's configuration", () => {
  if (!isOwner(prod)) throw new Error("prod owns its cluster");
  const given = plannedSecrets({ ...prod, ingress: { ...prod.ingress, certificate: "given" }, apps: {} });
  expect(given).toEqual([
    { kind: "given", name: "ingress.default-certificate.certificate", configKey: "tlsCertificate" },
    { kind: "given", name: "ingress.default-certificate.key", configKey: "tlsKey" },
  ]);
});

test("hosts that the wildcard does not cover stand in the certificate by name, tenants' too", () => {
  if (!isOwner(prod) || prod.tenants["test"] === undefined) throw new Error("prod has a tenant");
  const hosts = ["deep.below.lab.example.org", "elsewhere.example.com", "flat.lab.example.org"];
  const [certificate] = plannedSecrets({ ...prod, tenants: { test: { ...prod.tenants["test"], hosts } } });
  expect(certificate).toMatchObject({
    hosts: ["lab.example.org", "*.lab.example.org", "deep.below.lab.example.org", "elsewhere.example.com"],
  });
});

test("hosts of prod and of its tenant do not meet on the shared controller", () => {
  expect(datalabHosts(prod)).toEqual({
    lab: "datalabs.lab.example.org",
    docs: "datalabs-docs.lab.example.org",
    catalogue: "catalogue.lab.example.org",
  });
  expect(datalabHosts(tenant)).toEqual({
    lab: "test-datalabs.lab.example.org",
    docs: "test-datalabs-docs.lab.example.org",
    catalogue: "test-datalabs-catalogue.lab.example.org",
  });
  expect(servedHosts(prod).filter((host) => servedHosts(tenant).includes(host))).toEqual([]);
  expect(servedHosts({ ...prod, apps: {} })).toEqual([]);
});
