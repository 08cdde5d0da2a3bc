import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { startPlugin } from "../../provider/main";

/** The version that the plugin on a port reports. */
async function version(port: number): Promise<string> {
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  try {
    return await new Promise((found, failed) => {
      client.getPluginInfo(new Empty(), (error, info) => {
        if (error === null) found(info.getVersion());
        else failed(error);
      });
    });
  } finally {
    client.close();
  }
}

it("as a process of its own, prints its port alone and serves", async () => {
  const plugin = spawn(process.execPath, [resolve("provider/index.js")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(plugin.stdout, "data")) as [Buffer];
    expect(line.toString()).toMatch(/^\d+\n$/);
    expect(await version(Number(line))).toBe("0.1.0");
  } finally {
    plugin.kill();
    await once(plugin, "exit");
  }
});

it("inside of a process, serves until it is stopped", async () => {
  const plugin = await startPlugin();
  expect(await version(plugin.port)).toBe("0.1.0");
  await plugin.stop();
  await expect(version(plugin.port)).rejects.toThrow();
});
