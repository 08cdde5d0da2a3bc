/** Every kind of stack: a kind without a row does not compile. */
import type { Lifecycle, PinnedImage } from "../../../environment/parts/images";
import type { Resources } from "../../../kit/resources";
import type { Capability, SecurityException } from "../../../kit/security";
import {
  FILES_GROUP,
  RESEARCHER,
  type ClusterDefinition,
  type StackImage,
  type WebDefinition,
} from "./definition";
import type { ClusterKind, WebKind } from "./kinds";
import {
  classicJupyter,
  daskScheduler,
  daskWorker,
  jupyterLab,
  minio,
  nbviewer,
  panel,
  rstudio,
  shiroFile,
  sparkMaster,
  sparkWorker,
  streamlit,
  vscode,
  voila,
  zeppelin,
} from "./programs";

/** DataLabs' own: 200m and 128Mi, up to 2 CPU and 8Gi. */
const NOTEBOOK: Resources = {
  request: { cpuMillis: 200, memoryMiB: 128 },
  limit: { cpuMillis: 2000, memoryMiB: 8192 },
};
const SITE: Resources = {
  request: { cpuMillis: 100, memoryMiB: 128 },
  limit: { cpuMillis: 1000, memoryMiB: 2048 },
};
const SCHEDULER: Resources = {
  request: { cpuMillis: 100, memoryMiB: 512 },
  limit: { cpuMillis: 500, memoryMiB: 2048 },
};

const pinned = (repository: string, tag: string, lifecycle?: Lifecycle): StackImage => ({
  kind: "pinned",
  image: { repository, tag, ...(lifecycle === undefined ? {} : { lifecycle }) },
});

const ended = (what: string, since: string, successor: string): Lifecycle => ({
  what,
  status: "ended",
  since,
  successor,
});

/** One image of DataLabs has Jupyter, Panel, Streamlit and Voilà, and nobody has built it since. */
const DATALABS = (successor: string): StackImage =>
  pinned(
    "nerc/jupyterlab",
    "c4e407bfedbb-spark-3.3.0",
    ended("nerc/jupyterlab with Spark 3.3", "2023-12", successor),
  );
const OWN_IMAGE = "set image of the stack to one of your own, built from the package of PyPI";

/** What programs need that start as root and become a user: they own, read and hand over that user's files. */
const BECOMES_USER: readonly Capability[] = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"];

const asRoot = (reason: string): SecurityException => ({
  reason,
  allow: ["rootUser", "writableRootFilesystem"],
  capabilities: BECOMES_USER,
});

const ROOT = { uid: 0, gid: 0 };
const TMP = { "/tmp": 1024 };
const page = (port: number) => ({ page: { port, from: ["page"] } }) as const;

const JUPYTER_TOKEN = { values: { token: 48 }, env: { JUPYTER_TOKEN: "token" } } as const;
const PASSWORD = { values: { password: 32 }, env: { PASSWORD: "password" } } as const;

const MINIO: PinnedImage = {
  repository: "minio/minio",
  tag: "RELEASE.2025-09-07T16-13-09Z",
  lifecycle: ended(
    "MinIO",
    "2026-02",
    "keep it for objects that are there; for new ones use a container of the cloud, containers.<key> with purpose data",
  ),
};

/** Spark's executors connect to the notebook that drives them: programs choose these ports. */
const SPARK_DRIVER = { port: 7001, to: 7032, from: ["workers"] } as const;

/** The rows: ports, image, user, exceptions, address and program of each kind. */
export const STACKS: Readonly<Record<WebKind, WebDefinition> & Record<ClusterKind, ClusterDefinition>> = {
  jupyter: {
    title: "Jupyter, DataLabs' image",
    image: DATALABS("write kind: jupyterlab, or set image of the stack to one of your own"),
    user: ROOT,
    security: asRoot("its start script gives the notebook user its UID and its files, as root"),
    ports: page(8888),
    address: "path",
    resources: NOTEBOOK,
    scratch: TMP,
    program: classicJupyter,
    secret: JUPYTER_TOKEN,
  },
  jupyterlab: {
    title: "JupyterLab",
    image: pinned("quay.io/jupyter/base-notebook", "2026-07-28"),
    user: RESEARCHER,
    ports: page(8888),
    address: "path",
    resources: NOTEBOOK,
    scratch: TMP,
    program: jupyterLab,
    health: ({ path }) => `${path}/api`,
    secret: JUPYTER_TOKEN,
  },
  rstudio: {
    title: "RStudio",
    image: pinned("rocker/rstudio", "4.6.1"),
    user: ROOT,
    security: asRoot("s6 and the server start as root, and each session becomes the user rstudio"),
    ports: page(8787),
    address: "strippedPath",
    resources: NOTEBOOK,
    scratch: TMP,
    program: rstudio,
    secret: PASSWORD,
    home: "/home/rstudio",
  },
  vscode: {
    title: "VS Code",
    image: pinned("codercom/code-server", "4.133.0"),
    user: RESEARCHER,
    ports: page(8080),
    address: "host",
    resources: NOTEBOOK,
    scratch: TMP,
    program: vscode,
    health: () => "/healthz",
    secret: PASSWORD,
  },
  zeppelin: {
    title: "Zeppelin",
    image: pinned(
      "nerc/zeppelin",
      "0.7.2.7",
      ended(
        "Zeppelin 0.7",
        "2017-12",
        "write kind: jupyterlab, or set image of the stack to one of your own",
      ),
    ),
    user: ROOT,
    security: asRoot("its interpreters start as root, and write below its own folder"),
    ports: page(8080),
    address: "host",
    resources: { ...NOTEBOOK, limit: { cpuMillis: 2000, memoryMiB: 4096 } },
    scratch: TMP,
    program: zeppelin,
    secret: {
      values: { password: 32 },
      env: {},
      file: { folder: "/secret", name: "shiro.ini", content: shiroFile },
    },
  },
  rshiny: {
    title: "Shiny",
    image: pinned("rocker/shiny", "4.6.1"),
    user: ROOT,
    security: asRoot("s6 and the server start as root, and each application becomes the user shiny"),
    ports: page(3838),
    address: "host",
    resources: SITE,
    scratch: TMP,
    program: () => ({}),
    sessions: true,
    pages: "/srv/shiny-server",
  },
  panel: {
    title: "Panel",
    image: DATALABS(OWN_IMAGE),
    user: RESEARCHER,
    ports: page(5006),
    address: "host",
    resources: SITE,
    scratch: TMP,
    program: panel,
    sessions: true,
  },
  streamlit: {
    title: "Streamlit",
    image: DATALABS(OWN_IMAGE),
    user: RESEARCHER,
    ports: page(8501),
    address: "host",
    resources: SITE,
    scratch: TMP,
    program: streamlit,
    health: () => "/_stcore/health",
    sessions: true,
    file: "app.py",
  },
  voila: {
    title: "Voilà",
    image: DATALABS(OWN_IMAGE),
    user: RESEARCHER,
    ports: page(8866),
    address: "host",
    resources: SITE,
    scratch: TMP,
    program: voila,
    sessions: true,
  },
  nbviewer: {
    title: "nbviewer",
    image: { kind: "chosen", why: "its image is published without a fixed tag" },
    user: RESEARCHER,
    ports: page(5000),
    address: "host",
    resources: SITE,
    scratch: TMP,
    program: nbviewer,
  },
  minio: {
    title: "MinIO",
    image: { kind: "pinned", image: MINIO },
    user: RESEARCHER,
    ports: { ...page(9001), s3: { port: 9000, from: ["project", "compute"] } },
    address: "host",
    resources: SITE,
    scratch: TMP,
    program: minio,
    secret: {
      // S3 clients accept access keys of 3 to 20 characters, and secret keys of 8 to 40.
      values: { accessKey: 20, secretKey: 40 },
      env: { MINIO_ROOT_USER: "accessKey", MINIO_ROOT_PASSWORD: "secretKey" },
    },
  },
  dask: {
    title: "Dask",
    image: pinned("ghcr.io/dask/dask", "2026.1.2-py3.12"),
    user: RESEARCHER,
    scratch: TMP,
    scheduler: {
      resources: SCHEDULER,
      ports: {
        scheduler: { port: 8786, from: ["project", "workers"] },
        dashboard: { port: 8787, from: ["project"] },
      },
      program: daskScheduler,
    },
    worker: {
      ports: {
        worker: { port: 8788, from: ["workers"] },
        nanny: { port: 8789, from: ["workers"] },
      },
      program: daskWorker,
    },
  },
  spark: {
    title: "Spark",
    image: pinned("apache/spark", "4.1.1"),
    user: { uid: 185, gid: FILES_GROUP },
    scratch: TMP,
    scheduler: {
      resources: SCHEDULER,
      ports: {
        scheduler: { port: 7077, from: ["project", "workers"] },
        dashboard: { port: 8080, from: ["project"] },
      },
      program: sparkMaster,
    },
    worker: {
      ports: {
        worker: { port: 7078, from: ["workers"] },
        dashboard: { port: 8081, from: ["workers"] },
        executors: { port: 7001, to: 7032, from: ["project", "workers"] },
      },
      program: sparkWorker,
    },
    callsBack: SPARK_DRIVER,
  },
};
