/** A control group of its own for each test machine; else all of them share the one of the test run. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = "/sys/fs/cgroup";
const PARENT = "labstead-machines";
/** Controllers of the first version that a system in a container looks for. */
const FIRST_VERSION = "systemd unified cpu cpuacct cpuset memory devices freezer blkio pids".split(" ");

/** All machines together count as thirty processes of the host; else as one, and a busy host leaves them nothing. */
const CPU_SHARES = "30720";

/** The hierarchies of this kernel: one, or one for each controller. */
function hierarchies(): readonly string[] {
  if (existsSync(join(ROOT, "cgroup.controllers"))) return [ROOT];
  return FIRST_VERSION.map((name) => join(ROOT, name)).filter((path) => existsSync(path));
}

/** Makes the groups of a machine. @returns the files that a process writes its id to, to enter them */
export function makeCgroups(machine: string): readonly string[] {
  return hierarchies().map((hierarchy) => {
    const parent = join(hierarchy, PARENT);
    mkdirSync(parent, { recursive: true });
    if (hierarchy.endsWith("cpuset")) fillCpuset(hierarchy, parent);
    if (hierarchy.endsWith("/cpu")) writeFileSync(join(parent, "cpu.shares"), CPU_SHARES);
    const group = join(parent, machine);
    removeGroup(group);
    mkdirSync(group, { recursive: true });
    return join(group, "cgroup.procs");
  });
}

/** A set of CPUs starts empty, and nothing can enter it then. */
function fillCpuset(from: string, group: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"])
    writeFileSync(join(group, file), readFileSync(join(from, file)));
  writeFileSync(join(group, "cgroup.clone_children"), "1");
}

/** Removes the groups of a machine that has ended. */
export function removeCgroups(machine: string): void {
  for (const hierarchy of hierarchies()) removeGroup(join(hierarchy, PARENT, machine));
}

/** Innermost first; a group that is still used stays. */
function removeGroup(group: string): void {
  if (!existsSync(group)) return;
  for (const entry of readdirSync(group, { withFileTypes: true }))
    if (entry.isDirectory()) removeGroup(join(group, entry.name));
  try {
    rmdirSync(group);
  } catch {
    // A process of it is still ending; the next machine of this name removes it.
  }
}
