/**
 * A virtual machine under software emulation: Debian's kernel, the root file system of the test host read-only below an
 * overlay, one disk, one shared folder. It runs one command and ends.
 */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { shellWord } from "../../../../platform/formats/shell";
import { runs } from "../../host/programs";
import { host } from "../../machines/host";
import type { Kernel } from "./kernel";

runs("busybox", "gzip", "qemu-system-x86_64", "sh");

/** A boot takes 20 to 60 s; what follows is as slow. */
const END = 1_500_000;

export interface MachineRun {
  readonly kernel: Kernel;
  /** File of the disk `/dev/vda`. */
  readonly disk: string;
  /** Folder of the test host that the machine has at the same path, and may write. */
  readonly folder: string;
  readonly command: readonly string[];
}

/** What the command printed. @throws Error with what it or the kernel said */
export async function runInMachine({ kernel, disk, folder, command }: MachineRun): Promise<string> {
  writeFileSync(join(folder, "command"), `${command.map(shellWord).join(" ")}\n`);
  const log = join(folder, "console");
  const initrd = await initialFilesystem(kernel, folder);
  await host(
    [
      "qemu-system-x86_64",
      ...["-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1024"],
      ...["-nodefaults", "-no-reboot", "-display", "none", "-serial", `file:${log}`],
      ...["-kernel", kernel.image, "-initrd", initrd],
      // A busy processor is late with the emulated timer's ticks, which the kernel else takes for a broken one.
      ...["-append", `console=ttyS0 quiet panic=-1 no_timer_check lab.folder=${folder}`],
      ...shared("root", "/", ",readonly=on,multidevs=remap"),
      ...shared("folder", folder, ""),
      ...["-drive", `file=${disk},format=raw,if=virtio`],
    ],
    { timeout: END },
  );
  const [code, stdout, stderr] = ["code", "stdout", "stderr"].map((name) => textOf(join(folder, name)));
  if (code?.trim() === "0") return stdout ?? "";
  throw new Error(`in the machine: ${command.join(" ")}\n${stdout ?? ""}${stderr ?? ""}${textOf(log)}`);
}

function shared(tag: string, path: string, options: string): readonly string[] {
  return [
    ...["-fsdev", `local,id=${tag},path=${path},security_model=none${options}`],
    ...["-device", `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`],
  ];
}

/** A machine that did not come that far has written nothing. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** busybox, the modules in their order, and the first program. */
async function initialFilesystem({ modules }: Kernel, folder: string): Promise<string> {
  const root = join(folder, "initial");
  mkdirSync(join(root, "bin"), { recursive: true });
  mkdirSync(join(root, "modules"));
  copyFileSync("/bin/busybox", join(root, "bin/busybox"));
  copyFileSync(join(__dirname, "init.sh"), join(root, "init"));
  chmodSync(join(root, "init"), 0o755);
  for (const file of modules) copyFileSync(file, join(root, "modules", basename(file)));
  writeFileSync(join(root, "modules/order"), modules.map((file) => `${basename(file)}\n`).join(""));
  const initrd = join(folder, "initrd");
  const pack = 'cd "$1"; busybox find . | busybox cpio -o -H newc 2>/dev/null | gzip -1 >"$2"';
  await host(["sh", "-ec", pack, "sh", root, initrd]);
  return initrd;
}
