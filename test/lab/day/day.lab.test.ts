/**
 * A day of scientists, on machines that `up` boots: two hubs by their own charts, Traefik, KubeSpawner and JupyterLab as
 * pods; people come from outside by HTTPS, through the gateways' HAProxy, the NodePort and the ingress controller.
 * Volumes are folders that all nodes have, since no CSI driver runs here.
 */
import { setUp } from "../host/undo";
import { CONSUMER_KEY, HubLab } from "./hub-lab";

const ADA = "correct horse battery";
const GRACE = "staple of the library";
const RESULT = "/home/jovyan/result.txt";

let lab: HubLab;
/** When the first machine was asked for. */
let began: number;
const note = (text: string): void => void process.stderr.write(`  ${text}\n`);
const seconds = (since: number): string => `${String(Math.round((Date.now() - since) / 100) / 10)} s`;

interface Cell {
  readonly printed: string;
  readonly kernel: string;
}

setUp(async (undo) => {
  const from = Date.now();
  lab = await HubLab.open(undo, note, () => (began = Date.now()));
  note(`images and cloud: ${seconds(from)}; from nothing to nodes: ${seconds(began)}`);
});

test("up brings two hubs, whose pods come up under every policy of the lab", async () => {
  const from = Date.now();
  await lab.bringHubs({ physics: ["ada", "grace"], chemistry: ["marie"] });
  note(`up that makes two hubs: ${seconds(from)}`);
  expect((await lab.platform.run("preview")).steps).toEqual([]);
});

test("a person signs up and in, starts a server, and runs a cell of a notebook", async () => {
  const from = Date.now();
  const [, signedIn, started, cell] = await lab.person(
    "physics",
    "ada",
    ["sign_up", ADA],
    ["sign_in", ADA],
    ["start", 150],
    ["cell", `print(open("${RESULT}", "w").write("42"), 6 * 7)`],
  );
  note(`a server starts in ${String(started)} s; from the sign-up to the first cell ${seconds(from)}`);
  note(`from nothing to the first cell of a notebook: ${seconds(began)}`);
  expect({ signedIn, printed: (cell as Cell).printed }).toEqual({ signedIn: true, printed: "2 42" });
});

test("the file is there after the server was stopped and started again", async () => {
  const [, , cell] = await lab.person(
    "physics",
    "ada",
    ["stop"],
    ["start", 120],
    ["cell", `print(open("${RESULT}").read())`],
  );
  expect((cell as Cell).printed).toBe("42");
});

test("in a browser the person signs in, runs a cell and saves the notebook, which is a file of the home", async () => {
  expect(await lab.browse("physics", "ada", ADA)).toEqual({
    path: "/physics/user/ada/lab/tree/Untitled.ipynb",
    printed: "the answer is 42",
  });
  const read = `import json; print(json.load(open("/home/jovyan/Untitled.ipynb"))["cells"][0]["source"])`;
  const [cell] = await lab.person("physics", "ada", ["cell", read]);
  expect((cell as Cell).printed).toContain(`print("the answer is", 6 * 7)`);
});

test("another person comes in when an admin has approved, and reaches neither files nor server of the first", async () => {
  const before = await lab.person("physics", "grace", ["sign_up", GRACE], ["sign_in", GRACE]);
  expect(before[1]).toBe(false);
  await lab.person("physics", "ada", ["approve", "grace"]);
  const [signedIn, , cell, ofAda] = await lab.person(
    "physics",
    "grace",
    ["sign_in", GRACE],
    ["start", 120],
    ["cell", `import os; print(os.listdir("/home/jovyan"))`],
    ["of", "ada"],
  );
  expect({ signedIn, ofAda }).toEqual({ signedIn: true, ofAda: 403 });
  expect((cell as Cell).printed).not.toContain("result.txt");
});

test("a notebook's pod reaches the hub and names, and neither the Kubernetes API nor another server", async () => {
  const [cell] = await lab.person("physics", "grace", ["cell", reachable()]);
  expect(JSON.parse((cell as Cell).printed)).toEqual({
    hub: true,
    api: false,
    proxyApi: false,
    metadata: false,
  });
});

test("the hub's pod is killed while a notebook runs: the kernel lives", async () => {
  const [before] = await lab.person("physics", "ada", ["cell", "answer = 41"]);
  const { kernel } = before as Cell;
  const from = Date.now();
  await lab.kill("physics", "hub");
  note(`the hub is back after ${seconds(from)}`);
  const [signedIn, after] = await lab.person(
    "physics",
    "ada",
    ["is_in"],
    ["cell", "print(answer + 1)", kernel],
  );
  expect({ signedIn, printed: (after as Cell).printed }).toEqual({ signedIn: true, printed: "42" });
});

test("a second hub at another path is separate: a course's launch lets in who is listed", async () => {
  const secret = await lab.secret("chemistry", "hub", "ltiSecret");
  const [launched, , cell] = await lab.person(
    "chemistry",
    "marie",
    ["launch", CONSUMER_KEY, secret],
    ["start", 120],
    ["cell", "import os; print(os.environ['JUPYTERHUB_BASE_URL'])"],
  );
  expect({ launched, printed: (cell as Cell).printed }).toEqual({ launched: true, printed: "/chemistry/" });
  expect(await lab.person("chemistry", "mallory", ["launch", CONSUMER_KEY, secret])).toEqual([false]);
  expect(await lab.person("chemistry", "ada", ["is_in"])).toEqual([false]);
});

test("a server that does nothing is stopped by the hub, and has its files when it is started again", async () => {
  const written = `print(open("${RESULT}", "w").write("radium"))`;
  const [, culled, , cell] = await lab.person(
    "chemistry",
    "marie",
    ["cell", written],
    ["culled", 400],
    ["start", 120],
    ["cell", `print(open("${RESULT}").read())`],
  );
  note(`an idle server is stopped after ${String(culled)} s`);
  expect((cell as Cell).printed).toBe("radium");
});

test("a worker loses its power: once it is fenced, the person works again on another, with the files", async () => {
  const before = await lab.nodeOf("physics", "ada");
  const from = Date.now();
  await lab.platform.hypervisor.machine(before).kill();
  expect(await lab.fence(before)).toContain(
    `${before} has no pods and no volumes any more; others have them`,
  );
  note(`pods are free after ${seconds(from)}`);
  const [, cell] = await lab.person(
    "physics",
    "ada",
    ["start", 180],
    ["cell", `print(open("${RESULT}").read())`],
  );
  note(`the person works again after ${seconds(from)}`);
  expect((cell as Cell).printed).toBe("42");
  expect(await lab.nodeOf("physics", "ada")).not.toBe(before);
  expect(Date.now() - from).toBeLessThan(180_000);
});

/** Python that prints what its pod can connect to. */
function reachable(): string {
  return `
import json, socket
def connects(host, port):
    try:
        socket.create_connection((host, port), 3).close()
        return True
    except OSError:
        return False
print(json.dumps({
    "hub": connects("hub", 8081),
    "api": connects("kubernetes.default", 443),
    "proxyApi": connects("proxy-api", 8001),
    "metadata": connects("169.254.169.254", 80),
}))`;
}
