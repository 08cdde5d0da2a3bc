import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loginOf } from "../../openstack-api/clouds";

const folder = mkdtempSync(join(tmpdir(), "clouds-"));
const file = join(folder, "clouds.yaml");
afterAll(() => rmSync(folder, { recursive: true }));

const CLOUDS = `
clouds:
  lab:
    region_name: RegionOne
    auth: {auth_url: "http://keystone/v3/", username: ada, password: x, project_name: lab, user_domain_name: Users, project_domain_id: d1}
  robot:
    auth_type: v3applicationcredential
    interface: internal
    auth: {auth_url: "http://keystone", application_credential_id: c1}
  empty: {}
`;

beforeAll(() => {
  writeFileSync(file, CLOUDS);
  writeFileSync(
    join(folder, "secure.yaml"),
    "clouds: {robot: {auth: {application_credential_secret: hidden}}}\n",
  );
});

test("a user with its domain, and a project of another one", () => {
  expect(loginOf({ cloud: "lab", cloudsFile: file }, {})).toEqual({
    source: `cloud lab of ${file}`,
    authUrl: "http://keystone/v3",
    auth: {
      kind: "password",
      user: { name: "ada", domain: { name: "Users" } },
      password: "x",
      project: { name: "lab", domain: { id: "d1" } },
    },
    interface: "public",
    region: "RegionOne",
  });
});

test("an application credential whose secret is in secure.yaml; the environment names file and cloud", () => {
  const login = loginOf({}, { OS_CLIENT_CONFIG_FILE: file, OS_CLOUD: "robot", OS_REGION_NAME: "Two" });
  expect(login).toMatchObject({
    auth: { kind: "applicationCredential", credential: { id: "c1" }, secret: "hidden" },
    interface: "internal",
    region: "Two",
  });
});

test("the variables alone", () => {
  const variables = {
    OS_AUTH_URL: "http://keystone/v3",
    OS_USERNAME: "ada",
    OS_PASSWORD: "x",
    OS_PROJECT_ID: "p1",
    OS_USER_DOMAIN_NAME: "Default",
  };
  expect(loginOf({}, variables)).toMatchObject({
    source: "the OS_ variables",
    auth: { user: { name: "ada", domain: { name: "Default" } }, project: { id: "p1" } },
  });
});

test.each([
  [{ cloud: "prod" }, `${file} has no cloud "prod"; it has: lab, robot, empty`],
  [{ cloud: "empty" }, `cloud empty of ${file} gives no auth_url`],
])("what is missing is said: %j", (choice, said) => {
  expect(() => loginOf({ ...choice, cloudsFile: file }, {})).toThrow(said);
});

test("no cloud named, no variables, no file", () => {
  expect(() => loginOf({}, {})).toThrow("the OS_ variables gives no auth_url");
  const absent = join(folder, "absent.yaml");
  expect(() => loginOf({ cloud: "lab", cloudsFile: absent }, {})).toThrow(
    `no clouds.yaml at ${absent}; write one, or name it by OS_CLIENT_CONFIG_FILE`,
  );
});
