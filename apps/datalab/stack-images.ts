/** The stack types that users can start, and their images; read by the infrastructure API and the web client. */

type Category = "ANALYSIS" | "PUBLISH" | "INFRASTRUCTURE" | "COMPUTE";

interface StackVersion {
  readonly displayName?: string;
  readonly image: string;
  readonly connectImage?: string;
  readonly default?: true;
}

interface StackType {
  readonly displayName?: string;
  readonly category: Category;
  readonly versions: readonly StackVersion[];
  readonly userCanChooseFile?: true;
  readonly userCanChooseConda?: true;
  readonly userSelectableVersion?: true;
  readonly userActionOverrides?: { readonly logs: true };
  readonly masterAddress?: string;
  readonly sharedRLibs?: string;
}

const NOTEBOOK: readonly StackVersion[] = [
  { displayName: "Dask 2023.1/Spark 3.3.0", image: "nerc/jupyterlab:c4e407bfedbb-spark-3.3.0" },
];
const CONNECT = "nerc/zeppelin-connect:1.2.1";

/** nbviewer is missing: its image is published without a fixed tag. */
const TYPES: Readonly<Record<string, StackType>> = {
  dask: { category: "COMPUTE", versions: [{ image: "daskdev/dask:2.30.0" }] },
  jupyter: { displayName: "Jupyter", category: "ANALYSIS", versions: NOTEBOOK },
  jupyterlab: { displayName: "JupyterLab", category: "ANALYSIS", versions: NOTEBOOK },
  minio: {
    category: "INFRASTRUCTURE",
    versions: [{ image: "nerc/minio:1.0", connectImage: "nerc/connect:1.0.0" }],
  },
  panel: {
    displayName: "Panel",
    category: "PUBLISH",
    userCanChooseFile: true,
    userCanChooseConda: true,
    versions: NOTEBOOK,
  },
  rshiny: {
    displayName: "RShiny",
    category: "PUBLISH",
    userSelectableVersion: true,
    versions: [
      { default: true, displayName: "4.3.1", image: "nerc/rshiny:4.3.1" },
      { displayName: "4.2.1", image: "nerc/rshiny:4.2.1" },
    ],
    userActionOverrides: { logs: true },
  },
  rstudio: {
    displayName: "RStudio",
    category: "ANALYSIS",
    userSelectableVersion: true,
    versions: [
      { default: true, displayName: "4.3.1", image: "nerc/rstudio:4.3.1", connectImage: CONNECT },
      { displayName: "4.2.1", image: "nerc/rstudio:4.2.1", connectImage: CONNECT },
    ],
  },
  spark: {
    category: "COMPUTE",
    versions: [{ image: "nerc/spark-k8s:3.1.2" }],
    masterAddress: "spark://spark-master:7077",
    sharedRLibs: "/data/packages/R/%p/%v",
  },
  streamlit: {
    displayName: "Streamlit",
    category: "PUBLISH",
    userCanChooseFile: true,
    userCanChooseConda: true,
    versions: NOTEBOOK,
  },
  voila: { displayName: "Voila", category: "PUBLISH", userCanChooseFile: true, versions: NOTEBOOK },
  vscode: {
    displayName: "VS Code Server",
    category: "ANALYSIS",
    versions: [{ displayName: "Miniconda3", image: "nerc/vscode-server:2b96491b4620-0.0.2" }],
  },
  zeppelin: {
    displayName: "Zeppelin",
    category: "ANALYSIS",
    versions: [{ displayName: "0.7.2.7", image: "nerc/zeppelin:0.7.2.7", connectImage: CONNECT }],
  },
};

export function imageConfig(): Readonly<Record<string, unknown>> {
  const userActions = { share: true, edit: true, restart: true, delete: true, logs: false };
  return {
    categories: { ANALYSIS: { userActions }, PUBLISH: { userActions }, INFRASTRUCTURE: {}, COMPUTE: {} },
    types: TYPES,
  };
}

/** In which the infrastructure API prepares a notebook's volume, beside the images of the table. */
const PREPARES_VOLUMES = "busybox";

/** All images that users start by it. */
export function stackImages(): readonly string[] {
  const started = Object.values(TYPES).flatMap(({ versions }) =>
    versions.flatMap(({ image, connectImage }) => [
      image,
      ...(connectImage === undefined ? [] : [connectImage]),
    ]),
  );
  return [...started, PREPARES_VOLUMES];
}
