/**
 * Renders a unit's description to files: the unit itself and drop-ins. A unit that waits for sealed files also gets a
 * condition (it does not start without them, not even after a restart) and a path unit (which starts it once they
 * exist).
 */
import { bootFile, type FileConfig, type UnitConfig } from "./config";
import { systemdText, systemdWord } from "../formats/systemd";
import { UNITS } from "./paths";

/** Files of all units, in their order. */
export function unitFiles(units: readonly UnitConfig[]): readonly FileConfig[] {
  return units.flatMap((unit) => [
    ...(unit.content === undefined ? [] : [bootFile(`${UNITS}/${unit.name}`, unit.content)]),
    ...Object.entries(dropIns(unit)).map(([name, text]) =>
      bootFile(`${UNITS}/${unit.name}.d/${name}.conf`, text),
    ),
    ...(unit.needs.length === 0 ? [] : [bootFile(`${UNITS}/${pathUnit(unit)}`, pathUnitText(unit))]),
  ]);
}

/** Enabled units that start only once their sealed files exist. */
export function waitingUnits(units: readonly UnitConfig[]): readonly UnitConfig[] {
  return units.filter(({ needs, state }) => needs.length > 0 && state === "enabled");
}

/** systemctl's verbs with their units, in the order in which a first boot calls them. */
export function unitCommands(units: readonly UnitConfig[]): readonly (readonly string[])[] {
  const named = (state: UnitConfig["state"]) =>
    units.filter((unit) => unit.state === state).map(({ name }) => name);
  const enabled = [...waitingUnits(units).map(pathUnit), ...named("enabled")];
  return [
    ["mask", "--now", ...named("masked")],
    ["disable", "--now", ...named("disabled")],
    ["enable", ...enabled],
    // A unit that a package started with its own settings must restart with these. `--no-block`, because a unit may
    // need a volume or a file that arrives later.
    ["restart", "--no-block", ...enabled],
  ]
    .filter((command) => command.some((word) => word.includes(".")))
    .map((command) => ["systemctl", ...command]);
}

function dropIns(unit: UnitConfig): Readonly<Record<string, string>> {
  if (unit.needs.length === 0) return unit.dropIns ?? {};
  const conditions = unit.needs.map((path) => `ConditionPathExists=${systemdWord(path)}\n`);
  return { ...unit.dropIns, "90-sealed": `[Unit]\n${conditions.join("")}${STARTS_AGAIN}` };
}

/** No start limit: a unit that failed to start with one version of a file is started again with the next version. */
const STARTS_AGAIN = "StartLimitIntervalSec=0\n\n[Service]\nRestartSec=2\n";

/** `haproxy.service` is started by `labstead-wait-haproxy.path`. */
function pathUnit({ name }: UnitConfig): string {
  return `labstead-wait-${name.replace(/\.[a-z]+$/, "").replace("@", "-")}.path`;
}

/**
 * Triggered by change, not by existence: an existing file would trigger endless retries of a unit that fails to start.
 * Starting a running unit does nothing, so a pushed new version is applied by its own reload.
 */
function pathUnitText({ name, needs }: UnitConfig): string {
  return [
    "[Unit]",
    `Description=Starts ${systemdText(name)} when its files have come`,
    "",
    "[Path]",
    ...needs.map((path) => `PathChanged=${systemdWord(path)}`),
    `Unit=${systemdWord(name)}`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    "",
  ].join("\n");
}

/** A drop-in that makes a unit wait for others and fail without them. */
export function after(units: readonly string[]): string {
  const names = units.map(systemdWord).join(" ");
  return `[Unit]\nRequires=${names}\nAfter=${names}\n`;
}
