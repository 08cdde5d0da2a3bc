/** Ports of containers and Services. */
import { Yaml } from "cdk8s";
import fc from "fast-check";
import {
  PodService,
  ReplicatedService,
  type NamedPort,
  type NodePort,
  type ReplicatedServiceProps,
  type ServiceSpec,
} from "../../kit";
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

test("a headless one resolves to the pods, also to those that are not ready where that is asked", () => {
  const ports = [{ name: "peer", port: 7946 }];
  expect(service({ kind: "headless", name: "peers", ports })?.spec).toMatchObject({
    type: "ClusterIP",
    clusterIP: "None",
  });
  expect(service({ kind: "headless", name: "peers", ports })?.spec).not.toHaveProperty(
    "publishNotReadyAddresses",
  );
  expect(service({ kind: "headless", name: "peers", ports, publishNotReady: true })?.spec).toMatchObject({
    publishNotReadyAddresses: true,
  });
  // @ts-expect-error clients have the pods' addresses, and nothing stands between
  const affine: ServiceSpec = { kind: "headless", name: "peers", ports, clientAffinitySeconds: 60 };
  expect(affine.name).toBe("peers");
});

test("a client's address stays with a pod for as long as it is said", () => {
  expect(
    service({ name: "web", port: 80, targetPort: 8080, clientAffinitySeconds: 10800 })?.spec,
  ).toMatchObject({
    sessionAffinity: "ClientIP",
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
  });
  expect(service({ name: "web", port: 80, targetPort: 8080 })?.spec).not.toHaveProperty("sessionAffinity");
  for (const clientAffinitySeconds of [0, 1.5, 86401]) {
    expect(() => service({ name: "web", port: 80, targetPort: 8080, clientAffinitySeconds })).toThrow(
      new Error(
        `web: "clientAffinitySeconds" is ${clientAffinitySeconds}; write a whole number from 1 to 86400`,
      ),
    );
  }
});

describe("in front of another chart's pods", () => {
  const entry = (...ports: NodePort[]): Manifest[] =>
    objectsOf((chart) => {
      const service: ServiceSpec = { kind: "nodePort", name: "web", ports, externalTrafficPolicy: "Local" };
      new PodService(chart, "Entry", { ...IDENTITY, namespace: "lab", workload: "proxy", service });
    });

  test("ports of all nodes", () => {
    const ports: NodePort[] = [
      { name: "http", port: 80, nodePort: 30080 },
      { name: "dns", port: 53, targetPort: 5353, nodePort: 30080, protocol: "UDP" },
    ];
    expect(Yaml.stringify(...entry(...ports))).toMatchInlineSnapshot(`
      "apiVersion: v1
      kind: Service
      metadata:
        labels:
          app.kubernetes.io/component: web
          app.kubernetes.io/managed-by: labstead
          app.kubernetes.io/name: web
          app.kubernetes.io/part-of: lab
          labstead.dev/environment: prod
        name: web
        namespace: lab
      spec:
        externalTrafficPolicy: Local
        ports:
          - name: http
            nodePort: 30080
            port: 80
            protocol: TCP
            targetPort: 80
          - name: dns
            nodePort: 30080
            port: 53
            protocol: UDP
            targetPort: 5353
        selector:
          app.kubernetes.io/name: proxy
        type: NodePort
      "
    `);
  });

  test.each<[NodePort[], string]>([
    [
      [{ name: "http", port: 80, nodePort: 29999 }],
      'web: NodePort "http" is 29999; a NodePort is a whole number from 30000 to 32767',
    ],
    [
      [
        { name: "http", port: 80, nodePort: 30080 },
        { name: "https", port: 443, nodePort: 30080 },
      ],
      'web: "http" and "https" are both TCP 30080 of the nodes; drop one',
    ],
  ])("%j is refused", (ports, message) => {
    expect(() => entry(...ports)).toThrow(new Error(message));
  });
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
