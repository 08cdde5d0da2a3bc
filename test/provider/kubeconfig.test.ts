/** Credentials as kubeconfigs have them: what is sent to a server, how often a program runs, and what is refused. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { httpClusters } from "../../provider/kubernetes-api/http-objects";
import { failureOf, get } from "../../provider/kubernetes-api/http-api";
import { parseKubeconfig } from "../../provider/kubernetes-api/kubeconfig";
import { apiServer, authority, kubeconfig, kubeconfigOf, type ApiServer } from "./api-server";

const ca = authority("lab-ca");
const folder = mkdtempSync(join(tmpdir(), "labstead-kubeconfig-"));
let api: ApiServer;
let address: string;
beforeEach(async () => {
  api = await apiServer(ca);
  address = `https://127.0.0.1:${api.port}`;
});
afterEach(() => api.close());
afterAll(() => {
  ca.remove();
  rmSync(folder, { recursive: true });
});

const V1 = "client.authentication.k8s.io/v1";
let programs = 0;

/** A program that prints what a file holds, and notes each run with what it received. */
class CredentialProgram {
  readonly #file = join(folder, `credential-${programs++}`);
  readonly #log = `${this.#file}.log`;

  constructor(status: object) {
    this.gives(status);
    writeFileSync(this.#log, "");
  }

  gives(status: object, apiVersion = V1): void {
    writeFileSync(this.#file, JSON.stringify({ apiVersion, kind: "ExecCredential", status }));
  }

  /** What it received, run by run. */
  get runs(): readonly string[] {
    return readFileSync(this.#log, "utf8").split("\n").filter(Boolean);
  }

  user(more: object = {}): object {
    const script = `printf '%s %s\\n' "$MARK" "$KUBERNETES_EXEC_INFO" >> "$2"; cat "$1"`;
    const args = ["-c", script, "sh", this.#file, this.#log];
    return { exec: { apiVersion: V1, command: "sh", args, env: [{ name: "MARK", value: "run" }], ...more } };
  }
}

const NEVER = AbortSignal.timeout(60_000);
const ask = async (text: string): Promise<number> =>
  (await get(parseKubeconfig(text), "/version", NEVER)).status;

describe("a credential program", () => {
  test("gives a token, gets the cluster if the kubeconfig says so, and is run once", async () => {
    const program = new CredentialProgram({ token: "swordfish" });
    api.tokens.add("swordfish");
    const extensions = [{ name: "client.authentication.k8s.io/exec", extension: { audience: "lab" } }];
    const text = kubeconfigOf(ca, address, program.user({ provideClusterInfo: true }), { extensions });
    expect(await ask(text)).toBe(200);
    expect(await ask(text)).toBe(200);
    const [run = "", ...others] = program.runs;
    expect(others).toEqual([]);
    expect(run).toMatch(/^run /);
    expect(JSON.parse(run.slice(4))).toEqual({
      apiVersion: V1,
      kind: "ExecCredential",
      spec: {
        interactive: false,
        cluster: {
          server: address,
          "certificate-authority-data": Buffer.from(ca.certificate).toString("base64"),
          config: { audience: "lab" },
        },
      },
    });
  });

  test("gives a client certificate, of v1beta1 too", async () => {
    const { cert, key } = ca.issue("ada");
    const program = new CredentialProgram({});
    const v1beta1 = "client.authentication.k8s.io/v1beta1";
    program.gives({ clientCertificateData: cert, clientKeyData: key }, v1beta1);
    expect(await ask(kubeconfigOf(ca, address, program.user({ apiVersion: v1beta1 })))).toBe(200);
  });

  test("is run again when its token has expired", async () => {
    const soon = new Date(Date.now() + 11_000).toISOString();
    const program = new CredentialProgram({ token: "one", expirationTimestamp: soon });
    for (const token of ["one", "two"]) api.tokens.add(token);
    const text = kubeconfigOf(ca, address, program.user());
    expect(await ask(text)).toBe(200);
    program.gives({ token: "two" });
    await pause(1_500);
    expect(await ask(text)).toBe(200);
    expect(program.runs).toHaveLength(2);
  });

  test("is run once more when the server refuses its token, for many requests together", async () => {
    const program = new CredentialProgram({ token: "old" });
    api.tokens.add("old");
    const cluster = httpClusters()(parseKubeconfig(kubeconfigOf(ca, address, program.user())));
    const names = Array.from({ length: 20 }, (_, index) => `one-${index}`);
    api.handle = (_method, path) =>
      path === "/api/v1"
        ? [200, { resources: [{ name: "configmaps", kind: "ConfigMap", namespaced: true }] }]
        : undefined;
    const find = (name: string) =>
      cluster.find({ group: "", kind: "ConfigMap", namespace: "lab", name }, NEVER);
    await find("first");
    api.tokens.clear();
    api.tokens.add("new");
    program.gives({ token: "new" });
    expect(await Promise.all(names.map(find))).toEqual(names.map(() => undefined));
    expect(program.runs).toHaveLength(2);
  });

  test("likewise for a certificate, with new connections", async () => {
    const give = (name: string) => {
      const { cert, key } = ca.issue(name);
      return { clientCertificateData: cert, clientKeyData: key };
    };
    const program = new CredentialProgram(give("old"));
    const cluster = httpClusters()(parseKubeconfig(kubeconfigOf(ca, address, program.user())));
    api.handle = (_method, path) => (path === "/api/v1" ? [200, { resources: [] }] : undefined);
    const look = () => cluster.find({ group: "", kind: "ConfigMap", namespace: "lab", name: "one" }, NEVER);
    await look();
    api.accepts = (name) => name === "new";
    program.gives(give("new"));
    expect(await look()).toBeUndefined();
    expect(program.runs).toHaveLength(2);
  });

  test.each<[string, object, string]>([
    [
      "that fails, with its own words",
      { args: ["-c", "echo log in first >&2; exit 3"] },
      "the kubeconfig's credential program sh ends with 3: log in first; check that this works without a terminal, and log in first if it asks: sh -c echo log in first >&2; exit 3",
    ],
    [
      "that is not there, with its hint",
      { command: "labstead-no-such-login", args: [], installHint: "install it from the lab's page" },
      "the kubeconfig's credential program labstead-no-such-login is not installed on this machine; check that this works without a terminal, and log in first if it asks: labstead-no-such-login; install it from the lab's page",
    ],
    [
      "that prints something else",
      { args: ["-c", "echo hello"] },
      `the kubeconfig's credential program sh prints no ExecCredential of ${V1}; check that this works without a terminal, and log in first if it asks: sh -c echo hello`,
    ],
  ])("%s", async (_what, exec, message) => {
    const access = parseKubeconfig(kubeconfigOf(ca, address, new CredentialProgram({}).user(exec)));
    const error: unknown = await get(access, "/version", NEVER).catch((reason: unknown) => reason);
    const failure = failureOf(error, access);
    expect(failure.kind === "refused" ? `${failure.answer}; check ${failure.check}` : failure).toBe(message);
    expect(api.asked).toEqual([]);
  });
});

test("a token in a file is read for each request", async () => {
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, "one\n");
  api.tokens.add("one").add("two");
  const text = kubeconfigOf(ca, address, { tokenFile, token: "none" });
  expect(await ask(text)).toBe(200);
  api.tokens.delete("one");
  expect(await ask(text)).toBe(401);
  writeFileSync(tokenFile, "two\n");
  expect(await ask(text)).toBe(200);
  writeFileSync(tokenFile, "");
  await expect(ask(text)).rejects.toThrow(
    `the kubeconfig's tokenFile ${tokenFile} cannot be read, or is empty`,
  );
});

test("certificates in files, the CA too", async () => {
  const { cert, key } = ca.issue("ada");
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const user = { "client-certificate": file("ada.crt", cert), "client-key": file("ada.key", key) };
  const cluster = {
    "certificate-authority-data": undefined,
    "certificate-authority": file("ca.crt", ca.certificate),
  };
  expect(await ask(kubeconfigOf(ca, address, user, cluster))).toBe(200);
});

const exec = (fields: object): object => ({ exec: { apiVersion: V1, command: "login", ...fields } });

test.each<[string, object, string]>([
  [
    "of an old version",
    exec({ apiVersion: "client.authentication.k8s.io/v1alpha1" }),
    `has an exec program of another apiVersion than ${V1} and client.authentication.k8s.io/v1beta1`,
  ],
  ["without a command", exec({ command: "" }), "has an exec program without a command"],
  [
    "with a relative path",
    exec({ command: "./bin/login" }),
    "has an exec program with the relative path ./bin/login; give an absolute one, or a name in PATH",
  ],
  [
    "that needs a terminal",
    exec({ interactiveMode: "Always" }),
    "has an exec program that needs a terminal (interactiveMode of login); give one that works without",
  ],
  [
    "an auth-provider",
    { "auth-provider": { name: "gcp" } },
    "asks for an auth-provider, which Kubernetes removed in 1.26; give an exec program, a client certificate or a token",
  ],
  [
    "a password",
    { username: "admin", password: "x" },
    "has a user name and a password, which API servers refuse since 1.19; give a client certificate or a token",
  ],
  [
    "another user",
    { token: "x", as: "ada" },
    "acts as another user (as), which is not supported; give the credentials of that user",
  ],
])("%s is refused", (_what, user, message) => {
  expect(() => parseKubeconfig(kubeconfigOf(ca, address, user))).toThrow(message);
});

test("a client certificate comes before a program", () => {
  const both = JSON.parse(kubeconfig(ca, address)) as {
    readonly users: readonly { readonly user: object }[];
  };
  const user = { ...both.users[0]?.user, ...exec({}) };
  expect(parseKubeconfig(kubeconfigOf(ca, address, user)).credentials.kind).toBe("certificate");
});
