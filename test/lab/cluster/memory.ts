/** What all test machines together took of the host's memory, as their control group counts it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const PEAKS = [
  "/sys/fs/cgroup/memory/labstead-machines/memory.max_usage_in_bytes",
  "/sys/fs/cgroup/labstead-machines/memory.peak",
];

function peakFile(): string | undefined {
  return PEAKS.find((path) => existsSync(path));
}

export function resetPeakMemory(): void {
  const file = peakFile();
  if (file !== undefined) writeFileSync(file, "0");
}

/** In MiB, page cache included; 0 where the kernel does not count it. */
export function peakMemory(): number {
  const file = peakFile();
  return file === undefined ? 0 : Math.round(Number(readFileSync(file, "utf8")) / 1024 ** 2);
}
