/** Schedules and time zones, as Kubernetes' CronJobs read them. */

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Names for the numbers, the first one for `from`. */
  readonly names: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: readonly Field[] = [
  { name: "minute", from: 0, to: 59, names: [] },
  { name: "hour", from: 0, to: 23, names: [] },
  { name: "day of the month", from: 1, to: 31, names: [] },
  { name: "month", from: 1, to: 12, names: MONTHS },
  { name: "day of the week", from: 0, to: 6, names: DAYS },
];

/**
 * Five fields: minute, hour, day of the month, month, day of the week (0 is Sunday).
 * @throws Error on a schedule that Kubernetes does not accept
 */
export function checkSchedule(owner: string, schedule: string): void {
  const texts = schedule.split(" ");
  if (texts.length !== FIELDS.length) {
    throw new Error(
      `${owner}: the schedule ${JSON.stringify(schedule)} does not have five fields with one space between; write minute, hour, day of the month, month and day of the week, such as 0 3 * * *`,
    );
  }
  FIELDS.forEach((field, index) => {
    const text = texts[index] ?? "";
    if (text.split(",").every((part) => isPart(part, field))) return;
    throw new Error(
      `${owner}: the schedule ${JSON.stringify(schedule)} has ${JSON.stringify(text)} as its ${field.name}; write *, or numbers from ${field.from} to ${field.to}, such as 1,3 or 2-4 or */5`,
    );
  });
}

/** `*`, `5`, `1-5`, each also with a step: `1-5/2`. */
function isPart(part: string, field: Field): boolean {
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*") return true;
  const [first = "", last = first, ...others] = range.split("-");
  const [low, high] = [valueOf(first, field), valueOf(last, field)];
  return others.length === 0 && low >= field.from && high <= field.to && low <= high;
}

/** NaN if invalid: every comparison with it is false. */
function valueOf(text: string, { from, names }: Field): number {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return from + index;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/**
 * Names start with a capital: Node accepts other spellings too, and offsets; Kubernetes looks for a file.
 * @throws Error on a name that is not in the time zone database
 */
export function checkTimeZone(owner: string, timeZone: string): void {
  if (/^[A-Z]/.test(timeZone) && isKnownZone(timeZone)) return;
  throw new Error(
    `${owner}: ${JSON.stringify(timeZone)} is no time zone; write a name of the IANA database, such as Europe/London`,
  );
}

function isKnownZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
