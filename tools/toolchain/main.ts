/** `node --import tsx tools/toolchain/main.ts [--language-host]`: installs `pulumi`, and its language host if asked. */
import { install, isInstalled } from "./executables";
import { languageHost, pulumi } from "./pulumi";

const started = Date.now();

function log(line: string): void {
  const elapsed = Math.round((Date.now() - started) / 1000);
  console.log(`[tools ${String(elapsed).padStart(3)} s] ${line}`);
}

async function main(): Promise<void> {
  const fresh = !isInstalled(pulumi());
  const executable = await install(pulumi(), { log });
  if (fresh) log(`pulumi is at ${executable}`);
  if (process.argv.includes("--language-host")) await installLanguageHost(executable);
}

/** Without a language host only the tests of `pulumi preview` itself are skipped, so this is no failure. */
async function installLanguageHost(executable: string): Promise<void> {
  await install(languageHost(executable), { log }).catch((error: unknown) => {
    console.log(error instanceof Error ? error.message : error);
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
