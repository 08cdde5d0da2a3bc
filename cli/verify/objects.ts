/** Objects of the checks: those of MK's examples, as pods without any rights may run them. */
import type { JsonObject, Manifest } from "../../deploy/manifest";
import type { NodeLabel, VerifyPlan } from "./plan";

/** The label of everything that a run creates, by which leftovers of a killed one are found. */
export const OWNER = { "app.kubernetes.io/managed-by": "labstead-verify" };

/** The user `nobody`: no check needs more. */
const USER = 65534;
/** Folder that the toolbox serves at its port. */
const SITE = "/tmp/www";
export const WEB_PORT = 8080;

/** Where a claim is mounted. */
export interface ClaimMount {
  readonly claim: string;
  readonly path: string;
}

export interface PodOptions {
  readonly name: string;
  readonly image: string;
  /** A script of sh. */
  readonly script: string;
  readonly mount?: ClaimMount;
  readonly nodeLabel?: NodeLabel;
  /** Asked before the pod gets requests. @default the program ends by itself */
  readonly serves?: true;
  /** @default 128Mi */
  readonly memory?: string;
}

export class Objects {
  constructor(
    private readonly namespace: string,
    private readonly environment: string,
  ) {}

  pod(options: PodOptions): Manifest {
    return this.object("v1", "Pod", options.name, this.podTemplate(options));
  }

  /** The pod as a job: it is created again elsewhere if its node goes. */
  job(options: PodOptions): Manifest {
    return this.object("batch/v1", "Job", options.name, {
      spec: { backoffLimit: 0, template: this.podTemplate(options) },
    });
  }

  claim(name: string, storageClassName: string, accessMode: string, storage: string): Manifest {
    return this.object("v1", "PersistentVolumeClaim", name, {
      spec: { accessModes: [accessMode], storageClassName, resources: { requests: { storage } } },
    });
  }

  /** @param nodePort absent for a Service inside the cluster */
  service(name: string, pod: string, nodePort?: number): Manifest {
    const port = { port: 80, targetPort: WEB_PORT, protocol: "TCP" };
    return this.object("v1", "Service", name, {
      spec: {
        selector: { app: pod },
        ...(nodePort === undefined
          ? { ports: [port] }
          : { type: "NodePort", ports: [{ ...port, nodePort }] }),
      },
    });
  }

  ingress(name: string, service: string, rule: { host: string; path: string; className: string }): Manifest {
    const backend = { service: { name: service, port: { number: 80 } } };
    const paths = [{ path: rule.path, pathType: "Prefix", backend }];
    return this.object("networking.k8s.io/v1", "Ingress", name, {
      spec: { ingressClassName: rule.className, rules: [{ host: rule.host, http: { paths } }] },
    });
  }

  /** In a namespace that denies by default, the pods of the checks may talk to anybody. */
  policy(name: string): Manifest {
    return this.object("networking.k8s.io/v1", "NetworkPolicy", name, {
      spec: {
        podSelector: { matchLabels: OWNER },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{}],
        egress: [{}],
      },
    });
  }

  private object(apiVersion: string, kind: string, name: string, content: JsonObject): Manifest {
    const { metadata = {}, ...rest } = content;
    const labels = { ...OWNER, "labstead.dev/environment": this.environment, app: name };
    return {
      apiVersion,
      kind,
      metadata: { ...(metadata as JsonObject), name, namespace: this.namespace, labels },
      ...rest,
    };
  }

  private podTemplate({ name, image, script, mount, nodeLabel, serves, memory }: PodOptions): JsonObject {
    const volume =
      mount === undefined ? [] : [{ name: "data", persistentVolumeClaim: { claimName: mount.claim } }];
    return {
      metadata: { labels: { ...OWNER, app: name } },
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        ...(nodeLabel === undefined ? {} : { nodeSelector: { [nodeLabel.key]: nodeLabel.value } }),
        securityContext: {
          runAsNonRoot: true,
          runAsUser: USER,
          runAsGroup: USER,
          fsGroup: USER,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name,
            image,
            command: ["sh", "-c", script],
            terminationMessagePolicy: "FallbackToLogsOnError",
            resources: {
              requests: { cpu: "10m", memory: "16Mi" },
              limits: { cpu: "500m", memory: memory ?? "128Mi" },
            },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
            ...(serves === undefined ? {} : { readinessProbe: { tcpSocket: { port: WEB_PORT } } }),
            volumeMounts: [
              { name: "tmp", mountPath: "/tmp" },
              ...(mount === undefined ? [] : [{ name: "data", mountPath: mount.path }]),
            ],
          },
        ],
        volumes: [{ name: "tmp", emptyDir: { sizeLimit: "16Mi" } }, ...volume],
      },
    };
  }
}

/** A web server of busybox that answers with a text, at every folder of the path. */
export function webScript(path: string, text: string): string {
  const folder = `${SITE}${path}`;
  return `mkdir -p ${folder} && echo ${text} > ${folder}/index.html && exec httpd -f -p ${String(WEB_PORT)} -h ${SITE}`;
}

/** The namespace of a run, with the least rights. */
export function ownNamespace({ environment, place }: VerifyPlan): Manifest {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: place.namespace,
      labels: {
        ...OWNER,
        "labstead.dev/environment": environment,
        "pod-security.kubernetes.io/enforce": "restricted",
      },
    },
  };
}
