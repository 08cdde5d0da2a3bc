/** Ports of containers and Services. */
import fc from "fast-check";
import { ReplicatedService, type NamedPort, type ReplicatedServiceProps, type ServiceSpec } from "../../kit";
import { containerPorts } from "../../kit/ports";
import type { Manifest } from "../apps/manifests";
import { CONTAINER, IDENTITY, objectsOf } from "./rendering";

function service(spec: ServiceSpec): Manifest | undefined {
  const props: ReplicatedServiceProps = {
    ...IDENTITY,
    namespace: "lab",
    replicas: 1,
    containers: [CONTAINER],
    service: spec,
  };
  return objectsOf((chart) => new ReplicatedService(chart, "Web", props)).find(
    ({ kind }) => kind === "Service",
  );
}

const withPorts = (...ports: NamedPort[]) => service({ name: "dns", ports });

test("several ports of both protocols, and an address of its own", () => {
  const made = service({
    name: "dns",
    address: "10.96.0.10",
    ports: [
      { name: "dns", port: 53, targetPort: 5353, protocol: "UDP" },
      { name: "dns-tcp", port: 53, targetPort: 5353 },
      { name: "metrics", port: 9153 },
    ],
  });
  expect(made?.metadata.name).toBe("dns");
  expect(made?.spec).toEqual({
    type: "ClusterIP",
    clusterIP: "10.96.0.10",
    externalIPs: [],
    selector: { "app.kubernetes.io/name": "web" },
    ports: [
      { name: "dns", port: 53, targetPort: 5353, protocol: "UDP" },
      { name: "dns-tcp", port: 53, targetPort: 5353, protocol: "TCP" },
      { name: "metrics", port: 9153, targetPort: 9153, protocol: "TCP" },
    ],
  });
  // @ts-expect-error one port or several
  const both: ServiceSpec = { name: "dns", port: 1, targetPort: 1, ports: [] };
  expect(both.name).toBe("dns");
});

test.each<[NamedPort[], string]>([
  [[], "dns: has no port; a Service needs one"],
  [
    [
      { name: "a", port: 1 },
      { name: "a", port: 2 },
    ],
    'dns: has two ports named "a"; name each once',
  ],
  [
    [
      { name: "a", port: 1 },
      { name: "b", port: 1 },
    ],
    'dns: "a" and "b" are both TCP 1; drop one',
  ],
  [[{ name: "a", port: 0 }], 'dns: port "a" is 0; a port is a whole number from 1 to 65535'],
  [
    [{ name: "a", port: 1, targetPort: 65536 }],
    'dns: port "a" is 65536; a port is a whole number from 1 to 65535',
  ],
])("%j is refused", (ports, message) => {
  expect(() => withPorts(...ports)).toThrow(new Error(message));
});

test("a name is taken where Kubernetes takes it", () => {
  const words = /^[a-z0-9]+$/;
  const taken = (name: string): boolean =>
    name.length <= 15 && /[a-z]/.test(name) && name.split("-").every((word) => words.test(word));
  const letters = fc.constantFrom("a", "b", "0", "9", "-", "A", "_", ".");
  const names = fc.string({ unit: letters, maxLength: 17 });
  fc.assert(
    fc.property(names, (name) => {
      const make = () => containerPorts("web", { [name]: 8080 }, false);
      if (taken(name)) expect(make()).toEqual([{ name, containerPort: 8080, protocol: "TCP" }]);
      else
        expect(make).toThrow(
          new Error(
            `web: ${JSON.stringify(name)} is no name of a port; use 1 to 15 lower-case letters and digits, a letter among them, with single hyphens between`,
          ),
        );
    }),
  );
});

test("a container's port has a protocol", () => {
  expect(containerPorts("dns", { dns: { number: 53, protocol: "UDP" } }, false)).toEqual([
    { name: "dns", containerPort: 53, protocol: "UDP" },
  ]);
});
