import { parse } from "yaml";
import { readEnvironment, stackFile } from "../../../environment/stack-file";
import { lab } from "../../../lab";
import { userData } from "../../../platform/machines/user-data";
import { ROOT } from "../../cli/command";

const { plan, infra } = lab(readEnvironment(stackFile(ROOT, "prod")));
const [bastion] = plan.servers;

test("the user data of a server", () => {
  if (bastion === undefined) throw new Error("prod has no server");
  expect(userData(bastion, "lab.example.org")).toMatchSnapshot();
});

test("every server has its own, and nobody comes in by password", () => {
  const texts = plan.servers.map((server) => userData(server, plan.config.domain));
  expect(new Set(texts).size).toBe(plan.servers.length);
  for (const text of texts) {
    expect(text.startsWith("#cloud-config\n")).toBe(true);
    expect(parse(text)).toMatchObject({ ssh_pwauth: false, disable_root: true });
  }
});

test("it reaches the description of the server", () => {
  for (const server of plan.servers) {
    const described = infra.find(({ key }) => key === `server/${server.key}`);
    expect(described?.inputs).toMatchObject({ userData: userData(server, plan.config.domain) });
  }
});
