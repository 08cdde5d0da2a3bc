/** How the program of each kind starts. */
import type { ClusterProgram, Program, StackContext } from "./definition";

/** Programs look for their own folders below HOME. */
const HOME_IN_TMP = { HOME: "/tmp" };

/** SQLite's locks fail on file servers: databases are on the node, and last as long as the pod. */
const JUPYTER_ENV = { IPYTHONDIR: "/tmp/ipython", JUPYTER_RUNTIME_DIR: "/tmp/jupyter-runtime" };

export function jupyterLab({ path, folder }: StackContext): Program {
  return {
    command: ["jupyter", "lab"],
    args: [
      "--no-browser",
      "--ServerApp.ip=0.0.0.0",
      "--ServerApp.port=8888",
      `--ServerApp.base_url=${path}`,
      `--ServerApp.root_dir=${folder}`,
      "--BaseFileIdManager.db_path=/tmp/file-ids.sqlite",
      "--SQLiteYStore.db_path=/tmp/ystore.sqlite",
    ],
    env: { ...JUPYTER_ENV, HOME: folder },
    workingDirectory: folder,
  };
}

/** DataLabs' own start, by the names of the older server. */
export function classicJupyter({ path, folder }: StackContext): Program {
  return {
    command: ["start.sh", "jupyter", "notebook"],
    args: [
      "--NotebookApp.ip=0.0.0.0",
      "--NotebookApp.port=8888",
      `--NotebookApp.base_url=${path}`,
      `--NotebookApp.notebook_dir=${folder}`,
    ],
    env: JUPYTER_ENV,
    workingDirectory: folder,
  };
}

export function rstudio({ path }: StackContext): Program {
  return {
    // Of the files that it makes, the project's group can write all.
    env: { UMASK: "002" },
    files: {
      "/etc/rstudio/rserver.conf": ["rsession-which-r=/usr/local/bin/R", `www-root-path=${path}`, ""].join(
        "\n",
      ),
    },
  };
}

export function vscode({ folder }: StackContext): Program {
  return {
    command: ["/usr/bin/code-server"],
    args: [
      "--bind-addr=0.0.0.0:8080",
      "--auth=password",
      "--disable-telemetry",
      `--user-data-dir=${folder}/.vscode/data`,
      `--extensions-dir=${folder}/.vscode/extensions`,
      folder,
    ],
    env: { HOME: folder },
  };
}

export function zeppelin({ folder }: StackContext): Program {
  return { env: { ZEPPELIN_NOTEBOOK_DIR: folder, SECRET_CONFIG: "/secret/shiro.ini" } };
}

export function panel({ file, host }: StackContext): Program {
  return {
    command: ["panel", "serve"],
    args: [
      ...(file === undefined ? ["*.ipynb", "*.py", "--glob"] : [file]),
      "--address=0.0.0.0",
      "--port=5006",
      `--allow-websocket-origin=${host}`,
    ],
    env: HOME_IN_TMP,
    workingDirectory: "/notebooks",
  };
}

export function streamlit({ file = "app.py" }: StackContext): Program {
  return {
    command: ["streamlit", "run"],
    args: [file, "--server.headless=true", "--server.address=0.0.0.0", "--server.port=8501"],
    env: HOME_IN_TMP,
    workingDirectory: "/notebooks",
  };
}

export function voila({ file = "." }: StackContext): Program {
  return {
    command: ["voila"],
    args: [file, "--no-browser", "--port=8866", "--Voila.ip=0.0.0.0"],
    env: { ...HOME_IN_TMP, ...JUPYTER_ENV },
    workingDirectory: "/notebooks",
  };
}

export function nbviewer(): Program {
  return {
    command: ["python3", "-m", "nbviewer"],
    args: ["--port=5000", "--localfiles=/notebooks", "--no-cache"],
    env: HOME_IN_TMP,
  };
}

export function minio({ host }: StackContext): Program {
  return {
    args: ["server", "/data", "--address=:9000", "--console-address=:9001"],
    env: { ...HOME_IN_TMP, MINIO_BROWSER_REDIRECT_URL: `https://${host}` },
  };
}

/** Its own users, in a file that its password stands in. */
export function shiroFile(value: (key: string) => string): string {
  return [
    "[users]",
    `admin = ${value("password")}, admin`,
    "[roles]",
    "admin = *",
    "[urls]",
    "/api/version = anon",
    "/** = authc",
    "",
  ].join("\n");
}

export function daskScheduler(): Program {
  return {
    command: ["dask", "scheduler"],
    args: ["--port", "8786", "--dashboard-address", ":8787"],
    env: HOME_IN_TMP,
  };
}

type Cluster = Parameters<ClusterProgram["program"]>[0];

export function daskWorker({ scheduler, limitMiB }: Cluster): Program {
  return {
    command: ["dask", "worker", `tcp://${scheduler}:8786`],
    args: [
      ...["--worker-port", "8788", "--nanny-port", "8789", "--no-dashboard"],
      // Half a minute without its scheduler, and a worker ends; the kubelet starts it again.
      ...["--memory-limit", `${String(limitMiB)}MiB`, "--death-timeout", "30", "--local-directory", "/tmp"],
    ],
    env: HOME_IN_TMP,
  };
}

const SPARK = ["/opt/spark/bin/spark-class"];

export function sparkMaster(): Program {
  return {
    command: SPARK,
    args: ["org.apache.spark.deploy.master.Master", "--port", "7077", "--webui-port", "8080"],
    env: HOME_IN_TMP,
  };
}

/** Part of a worker's memory that its executors may share; the rest is the JVM's. */
const EXECUTORS_SHARE = 0.75;

export function sparkWorker({ scheduler, limitMiB }: Cluster): Program {
  return {
    command: SPARK,
    args: [
      ...["org.apache.spark.deploy.worker.Worker", "--port", "7078", "--webui-port", "8081"],
      ...["--memory", `${String(Math.floor(limitMiB * EXECUTORS_SHARE))}m`, "--work-dir", "/tmp"],
      `spark://${scheduler}:7077`,
    ],
    env: HOME_IN_TMP,
  };
}
