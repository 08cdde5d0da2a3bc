import { settingLines, writtenPath } from "../../environment/yaml-lines";

const TEXT = `config:
  labstead:other: 1
  labstead:environment:
    domain: lab.example.org
    flavors:
      m1.small: {vcpus: 1}
    access:
      ssh:
        from:
          - 198.51.100.0/24
          - 203.0.113.0/24
    people: &people
      ada: {}
    again: *people
`;
const lines = settingLines(TEXT);

test.each([
  ["domain", 4],
  ["flavors.m1.small", 6],
  ["flavors.m1.small.vcpus", 6],
  ["access.ssh.from", 9],
  ["access.ssh.from.1", 11],
  ["people.ada", 13],
  ["again", 14],
])("%s is on line %i", (path, line) => {
  expect(lines.get(path)).toBe(line);
});

test("what is behind an alias is where it is written, and other keys of the file have no line", () => {
  expect(lines.has("again.ada")).toBe(false);
  expect(lines.has("labstead:other")).toBe(false);
  expect(settingLines("config: {}\n").size).toBe(0);
  expect(settingLines("").size).toBe(0);
});

test("a setting with its default is in what holds it", () => {
  expect(writtenPath(lines, "access.ssh.port")).toBe("access.ssh");
  expect(writtenPath(lines, "people.ada.ssh.key")).toBe("people.ada");
  expect(writtenPath(lines, "domain")).toBe("domain");
  expect(writtenPath(lines, "network.mtu")).toBeUndefined();
});
