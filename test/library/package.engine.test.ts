/** Labstead as a package: what a lab's own repository can do by the tarball alone. */
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { documentedFiles } from "./blocks";
import { LabProject } from "./project";

let project: LabProject;
beforeAll(async () => {
  project = new LabProject();
  await project.startCloud();
});
afterAll(() => project.close());

const resource = z.object({ urn: z.string(), inputs: z.record(z.string(), z.unknown()).optional() });
const stackState = z.object({ deployment: z.object({ resources: z.array(resource) }) });

function stateOf(stack: string): readonly z.output<typeof resource>[] {
  const text = project.succeed("pulumi", "stack", "export", "--stack", stack);
  return stackState.parse(JSON.parse(text)).deployment.resources;
}

/** Names in the state of a stack, with the types above them. */
function urnsOf(stack: string): readonly string[] {
  return stateOf(stack).map(({ urn }) => urn);
}

function outputsOf(stack: string): Readonly<Record<string, unknown>> {
  const text = project.succeed("pulumi", "stack", "output", "--json", "--stack", stack);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

describe("the tarball", () => {
  test("holds what runs, what describes it, and what is read at run time", () => {
    expect(project.packed()).toEqual(
      expect.arrayContaining([
        "package.json",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "bin/labstead.js",
        "provider/PulumiPlugin.yaml",
        "provider/index.js",
        "dist/library/index.js",
        "dist/library/index.d.ts",
        "dist/provider/main.js",
        "dist/provider/machine-files/agent/machine_main.py",
        "dist/platform/machines/kubernetes/scripts/worker.sh",
        "dist/environment/stack.schema.json",
        "dist/rehearsal/openstack/types.json",
        "dist/tools/pulumi/go.mod",
        "docs/library.md",
        "examples/ska.yaml",
        "Pulumi.prod.yaml",
        "template/index.ts",
      ]),
    );
  });

  test("holds no test, and no source beside the compiled code", () => {
    const sources = project.packed().filter((path) => /(?<!\.d)\.ts$/.test(path));
    expect(sources).toEqual(["template/index.ts"]);
    expect(project.packed().filter((path) => /(^|\/)(test|bench|tools\/eslint)\//.test(path))).toEqual([]);
  });
});

describe("a new repository", () => {
  test("has a program of three lines", () => {
    expect(project.read("index.ts").trimEnd().split("\n")).toHaveLength(3);
  });

  test("depends on this version exactly", () => {
    const version = z.object({ version: z.string() });
    const installed = version.parse(JSON.parse(project.read("node_modules/labstead/package.json")));
    const { code, stderr } = project.labstead("new", "another");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const made = z.object({ dependencies: z.record(z.string(), z.string()) });
    const { dependencies } = made.parse(JSON.parse(project.read("another/package.json")));
    expect(dependencies["labstead"]).toBe(installed.version);
    project.succeed("rm", "-r", "another");
  });

  test("is not made in a folder that is not empty", () => {
    const { code, stderr } = project.labstead("new", ".");
    expect({ code, stderr: stderr.trim() }).toEqual({
      code: 1,
      stderr: ". is not empty; name a new folder, or an empty one",
    });
  });

  test("has valid stack files, and the package renders them", () => {
    const { code, stdout, stderr } = project.labstead("check");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^prod: no errors/m);
    expect(stdout).toMatch(/^test: no errors/m);
    expect(project.labstead("plan", "prod").code).toBe(0);
    expect(project.read("out/prod/manifests/datalab.yaml")).toContain("kind: Deployment");
  });

  test("comes up on the built-in cloud by the command", () => {
    const { code, stdout } = project.labstead("rehearse", "prod", "--preview");
    expect(code).toBe(0);
    expect(stdout).toMatch(/prod: would make \d+/);
  });
});

describe("the document's files", () => {
  beforeAll(() => {
    for (const [file, content] of documentedFiles()) project.write(file, content);
  });

  test("have correct types, and a wrong one is found", () => {
    project.succeed("npx", "--no-install", "tsc", "--noEmit");
    project.write("wrong.ts", project.read("environment.ts").replace("cidr:", "cdir:"));
    const { code, stdout } = project.run("npx", "--no-install", "tsc", "--noEmit");
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/wrong\.ts\(.*'cdir' does not exist in type/);
    project.succeed("rm", "wrong.ts");
  });

  test("chart.ts renders a namespace and a service without an environment", () => {
    const text = project.succeed("node", "--import", "tsx", "chart.ts");
    const objects = parseAllDocuments(text).map((each) =>
      z.looseObject({ kind: z.string() }).parse(each.toJS()),
    );
    expect(objects.map(({ kind }) => kind).sort()).toEqual([
      "Deployment",
      "LimitRange",
      "Namespace",
      "NetworkPolicy",
      "PodDisruptionBudget",
      "ResourceQuota",
      "Service",
    ]);
  });

  test("typed.ts brings an environment in TypeScript up, then changes nothing", () => {
    project.stack("prod", "typed.ts");
    project.succeed("pulumi", "up", "--yes", "--stack", "prod");
    expect(urnsOf("prod")).toContainEqual(
      expect.stringMatching(/::labstead:infra:Servers\$.*::server\/bastion\/0$/),
    );
    expect(outputsOf("prod")).toHaveProperty(["servers", "bastion/0", "address"], "192.168.3.10");
    project.succeed("pulumi", "preview", "--expect-no-changes", "--stack", "prod");
  });

  test("component.ts brings a lab up below its component, beside a resource of its own", () => {
    project.stack("component", "component.ts");
    project.succeed("pulumi", "up", "--yes", "--stack", "component");
    const urns = urnsOf("component");
    expect(urns.filter((urn) => urn.includes("::labstead:index:Lab$")).length).toBeGreaterThan(150);
    expect(urns).toContainEqual(expect.stringMatching(/::random:index\/randomPassword:RandomPassword::own$/));
    const { kubeconfig, bastion, servers } = outputsOf("component");
    expect(kubeconfig).toBe("[secret]");
    expect(bastion).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(servers).toHaveProperty(["controlPlane/0", "name"], "science-control-plane-0");
  });

  test("servers.ts makes a network, servers and volumes, then changes nothing", () => {
    project.stack("servers", "servers.ts");
    project.succeed("pulumi", "up", "--yes", "--stack", "servers");
    const { addresses, volumes } = outputsOf("servers");
    expect(addresses).toEqual({
      web: "192.168.7.10",
      worker: expect.stringMatching(/^192\.168\.7\.\d+$/) as unknown,
      public: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/) as unknown,
    });
    expect(Object.keys(volumes as object).sort()).toEqual(["archive", "data", "scratch"]);
    const names = urnsOf("servers").map((urn) => urn.split("::").slice(-2).join("::"));
    expect(names).toContain("labstead:infra:LabServer$openstack:compute/instance:Instance::web/server/web");
    project.succeed("pulumi", "preview", "--expect-no-changes", "--stack", "servers");
  });

  test("bridge.ts deploys a plain CDK8s app, with its secret kept", () => {
    const kubeconfig = project.succeed(
      "pulumi",
      "stack",
      "output",
      "kubeconfig",
      "--show-secrets",
      "-s",
      "prod",
    );
    project.stack("bridge", "bridge.ts", { "my-lab:kubeconfig": kubeconfig });
    project.succeed("pulumi", "up", "--yes", "--stack", "bridge");
    expect(outputsOf("bridge")["deployed"]).toEqual(["Namespace database", "Secret database/login"]);
    const [secret] = stateOf("bridge").filter(({ urn }) => urn.endsWith("::database/login"));
    expect(secret?.inputs).toMatchObject({
      kind: "Secret",
      data: { ciphertext: expect.any(String) as unknown },
    });
  });
});
