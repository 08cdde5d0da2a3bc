/**
 * Output while the engine works: a line of progress at intervals, and every failure at once; in a preview also the
 * messages of resources, such as which servers leave and what waits.
 */
import type { EngineEvent } from "@pulumi/pulumi/automation";

/** Milliseconds between two lines of progress. */
const INTERVAL = 2_000;

/** An event handler that prints; `expected` is how many resources the plan has. */
export function watch(
  stack: string,
  verb: string,
  expected: number,
  print: (line: string) => void = console.log,
): (event: EngineEvent) => void {
  const shown: readonly Severity[] = verb === "preview" ? ["error", "warning", "info"] : ["error", "warning"];
  let done = 0;
  let last = Date.now();
  print(`${stack}: ${verb} begins, about ${String(expected)} resources`);
  return (event) => {
    const message = messageText(event, shown);
    if (message !== undefined) print(`${stack}: ${message}`);
    const name = event.resOutputsEvent === undefined ? undefined : nameOf(event.resOutputsEvent.metadata.urn);
    if (name === undefined) return;
    done += 1;
    if (Date.now() - last < INTERVAL) return;
    last = Date.now();
    print(`${stack}: ${String(done)} done, last ${name}`);
  };
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

type Severity = NonNullable<EngineEvent["diagnosticEvent"]>["severity"];

/** As the engine prints it. Status messages, such as a step of a wait, are not repeated. */
function messageText({ diagnosticEvent }: EngineEvent, shown: readonly Severity[]): string | undefined {
  if (diagnosticEvent === undefined) return undefined;
  const { severity, message, urn, ephemeral } = diagnosticEvent;
  const text = withoutColor(message).trim();
  if (!shown.includes(severity) || ephemeral === true || text === "") return undefined;
  const where = urn === undefined || urn === "" ? "" : `${nameOf(urn)}: `;
  return `${severity}: ${where}${text}`;
}

/** The engine marks colours as `<{%reset%}>`. */
export function withoutColor(text: string): string {
  return text.replace(/<\{%[^%]*%\}>/g, "");
}
