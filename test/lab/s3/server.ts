/** A real S3 server (versitygw) on the loopback interface, built once from the Go modules that `go.mod` pins. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type Executable, install, TOOLS_DIR } from "../../../tools/toolchain/executables";
import { buildGoTool, type GoTool, goToolVersion, type Log } from "../../../tools/toolchain/go-tool";
import { Undo } from "../host/undo";
import { freePorts, ServiceProcess } from "../kubernetes/service-process";

const TOOL: GoTool = {
  name: "versitygw",
  moduleDir: __dirname,
  packagePath: "github.com/versity/versitygw/cmd/versitygw",
  versionModule: "github.com/versity/versitygw",
};

/** Milliseconds that the server may take to answer. */
const START_TIME = 10_000;
export const REGION = "us-east-1";

/** Of the one user there is. */
export const KEYS = { AWS_ACCESS_KEY_ID: "labkey", AWS_SECRET_ACCESS_KEY: "lab-secret-3f9c1e77" } as const;

/** Path of the server's program, built where it is missing. */
export function s3Program(log: Log): Promise<string> {
  return install(versitygw(), { toolsDir: join(TOOLS_DIR, "s3"), log });
}

export class S3Server {
  static start(folder: string, log: Log): Promise<S3Server> {
    return Undo.guard(async (undo) => {
      const executable = await s3Program(log);
      const [port = 0] = await freePorts(1);
      const server = new S3Server(undo, executable, folder, port);
      await server.begin();
      return server;
    });
  }

  private process: ServiceProcess | undefined;

  private constructor(
    private readonly undo: Undo,
    private readonly executable: string,
    private readonly folder: string,
    private readonly port: number,
  ) {
    for (const name of ["objects", "versions"]) mkdirSync(join(folder, name), { recursive: true });
  }

  get endpoint(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  /** What lies in the buckets, as files. */
  get objects(): string {
    return join(this.folder, "objects");
  }

  /** Starts it, or restarts it over the same objects. */
  async begin(): Promise<void> {
    const { AWS_ACCESS_KEY_ID: access, AWS_SECRET_ACCESS_KEY: secret } = KEYS;
    const user = ["--access", access, "--secret", secret, "--region", REGION];
    const store = ["posix", "--versioning-dir", join(this.folder, "versions"), this.objects];
    const started = ServiceProcess.start(
      this.executable,
      ["--port", `127.0.0.1:${String(this.port)}`, "--quiet", ...user, ...store],
      join(this.folder, "server.log"),
    );
    this.process = started;
    this.undo.later(() => started.stop());
    await started.until(async () => {
      const answer = await fetch(this.endpoint).catch(() => undefined);
      return answer !== undefined;
    }, START_TIME);
  }

  /** Ends it for now: what clients see of a server that is away. */
  async stop(): Promise<void> {
    await this.process?.stop();
  }

  close(): Promise<void> {
    return this.undo.close();
  }

  async makeBucket(Bucket: string, options: { readonly versioning: boolean }): Promise<void> {
    await this.client().send(new CreateBucketCommand({ Bucket }));
    if (!options.versioning) return;
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await this.client().send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }

  /** The contents of what lies in a folder. What was deleted is still a file of the server's, so it has to be asked. */
  async texts(Bucket: string, Prefix: string): Promise<readonly string[]> {
    const client = this.client();
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }));
    const objects = Contents.map(({ Key }) => client.send(new GetObjectCommand({ Bucket, Key })));
    return Promise.all(
      (await Promise.all(objects)).map(async ({ Body }) => (await Body?.transformToString()) ?? ""),
    );
  }

  /** How many versions of an object there are. */
  async versionsOf(Bucket: string, Prefix: string): Promise<number> {
    const { Versions = [] } = await this.client().send(new ListObjectVersionsCommand({ Bucket, Prefix }));
    return Versions.filter(({ Key }) => Key === Prefix).length;
  }

  private client(): S3Client {
    const credentials = {
      accessKeyId: KEYS.AWS_ACCESS_KEY_ID,
      secretAccessKey: KEYS.AWS_SECRET_ACCESS_KEY,
    };
    return new S3Client({ endpoint: this.endpoint, region: REGION, forcePathStyle: true, credentials });
  }
}

function versitygw(): Executable {
  return {
    name: TOOL.name,
    version: goToolVersion(TOOL),
    sources: [
      {
        name: "Go modules",
        provide: (target, log) => {
          log(`building ${TOOL.name} ${goToolVersion(TOOL)}; the first time this takes minutes`);
          return buildGoTool(TOOL, target, log);
        },
      },
    ],
    help: "Install Go 1.26 or newer with access to a module proxy, and try again.",
  };
}
