/** Settings of the stack beside the environment, in one error with everything else. */
import * as pulumi from "@pulumi/pulumi";
import { isOwner } from "../../environment/config";
import { FindingsError } from "../../environment/findings";
import { lab } from "../../lab";
import { overrides } from "../../overrides";
import { defaultProviders, withSettings } from "../../stack/settings";
import { planned } from "../apps/manifests";
import { configOf, environmentOf, stackFiles } from "../environment/configs";

const { config: prod } = planned("prod");
if (!isOwner(prod)) throw new Error("prod owns its cluster");
const existing = configOf("science", environmentOf(stackFiles().get("existing-cluster") ?? {}));
const PROVIDERS = { "pulumi:disable-default-providers": '["kubernetes","labstead","openstack"]' };

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "labstead",
    "prod",
  );
});

function messageOf(compose: Parameters<typeof withSettings>[0], settings: Record<string, string>): string {
  pulumi.runtime.setAllConfig(settings);
  try {
    withSettings(compose, defaultProviders());
    return "";
  } catch (error) {
    if (error instanceof FindingsError) return error.message;
    throw error;
  }
}

test("a lab whose settings are there is composed", () => {
  expect(messageOf(() => lab({ config: prod }), PROVIDERS)).toBe("");
  const kubeconfig = { "labstead:kubeconfig": "apiVersion: v1" };
  expect(messageOf(() => lab({ config: existing }), { ...PROVIDERS, ...kubeconfig })).toBe("");
});

test("what is missing is said at once, with the way to set it", () => {
  const given = { ...prod, ingress: { ...prod.ingress, certificate: "given" as const } };
  expect(messageOf(() => lab({ config: given }), {})).toBe(
    [
      "environment prod: 3 errors, nothing was changed",
      "  pulumi:disable-default-providers: does not list kubernetes and labstead and openstack; add this line under config in Pulumi.prod.yaml: pulumi:disable-default-providers: [kubernetes, labstead, openstack]",
      "  labstead:tlsCertificate: is not set; run: pulumi config set --secret labstead:tlsCertificate",
      "  labstead:tlsKey: is not set; run: pulumi config set --secret labstead:tlsKey",
    ].join("\n"),
  );
  expect(messageOf(() => lab({ config: existing }), PROVIDERS)).toBe(
    "environment science: 1 error, nothing was changed\n  labstead:kubeconfig: is not set; run: pulumi config set --secret labstead:kubeconfig",
  );
});

test("an environment's own errors, an override's and the settings' are one error", () => {
  const broken = lab.bind(
    undefined,
    { config: { ...prod, quota: { instances: 1 } } },
    {
      overrides: {
        ...overrides,
        resources: {
          "openstack:networking/routerInterface:RouterInterface": (inputs) => ({
            ...inputs,
            routerId: { ref: "router/nowhere", type: "openstack:networking/router:Router", output: "id" },
          }),
        },
      },
    },
  );
  const message = messageOf(broken, {});
  expect(message).toMatch(
    /^environment prod: 3 errors, nothing was changed\n {2}pulumi:disable-default-providers: /,
  );
  expect(message).toMatch(
    /\n {2}router-interface: refers to router\/nowhere, which is not described; correct the override/,
  );
  expect(message).toMatch(/\n {2}quota\.instances: /);
});
