/** What a person sees while the engine works: a line now and then, and every failure at once. */
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
  let done = 0;
  let last = Date.now();
  print(`${stack}: ${verb} begins, about ${String(expected)} resources`);
  return (event) => {
    const failure = failureText(event);
    if (failure !== undefined) print(`${stack}: ${failure}`);
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

/** Errors and warnings, as the engine prints them; progress of the program is not repeated. */
function failureText({ diagnosticEvent }: EngineEvent): string | undefined {
  if (diagnosticEvent === undefined) return undefined;
  const { severity, message, urn } = diagnosticEvent;
  if (severity !== "error" && severity !== "warning") return undefined;
  const where = urn === undefined || urn === "" ? "" : `${nameOf(urn)}: `;
  return `${severity}: ${where}${withoutColor(message).trim()}`;
}

/** The engine marks colours as `<{%reset%}>`. */
function withoutColor(text: string): string {
  return text.replace(/<\{%[^%]*%\}>/g, "");
}
