/** Configuration files in Python, as JupyterHub and other traitlets applications read them. */

/** An environment variable of the process that reads the file, for a value that the file may not contain. */
export class EnvironmentVariable {
  constructor(readonly name: string) {}
}

/** A function or class that the file itself defines, for what no literal can say. As a setting's whole value. */
export class PythonDefinition {
  constructor(
    readonly name: string,
    /** Its definition, with the imports that it needs inside or before it. */
    readonly source: string,
  ) {}
}

/** What a setting can be. */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | EnvironmentVariable
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

/** A setting of a traitlets application: `c.<owner>.<trait> = <value>`. */
export interface Traitlet {
  /** Name of the configurable class: `KubeSpawner`. */
  readonly owner: string;
  readonly trait: string;
  readonly value: PythonValue | PythonDefinition;
}

/** Settings of one class, by their traits. */
export function traitletsOf(
  owner: string,
  traits: Readonly<Record<string, PythonValue | PythonDefinition>>,
): readonly Traitlet[] {
  return Object.entries(traits).map(([trait, value]) => ({ owner, trait, value }));
}

/**
 * An expression of Python 3 with this value, on one line and in ASCII, so that the file needs no encoding.
 * @throws Error for a number that Python has no literal for
 */
export function pythonExpression(value: PythonValue): string {
  if (value === null) return "None";
  if (typeof value === "string") return pythonString(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Error(`${value} is no number that a Python file can hold`);
    return String(value);
  }
  if (value instanceof EnvironmentVariable) return `os.environ[${pythonString(value.name)}]`;
  if (isList(value)) return `[${value.map(pythonExpression).join(", ")}]`;
  const entries = Object.entries(value).map(
    ([key, each]) => `${pythonString(key)}: ${pythonExpression(each)}`,
  );
  return `{${entries.join(", ")}}`;
}

/** `Array.isArray` does not narrow readonly lists. */
function isList(value: object): value is readonly PythonValue[] {
  return Array.isArray(value);
}

/** JSON's escapes are Python's too, except that Python does not join the halves of a surrogate pair. */
function pythonString(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\u{10ffff}]/gu, (character) => {
    const digits = (character.codePointAt(0) ?? 0).toString(16);
    return digits.length > 4 ? `\\U${digits.padStart(8, "0")}` : `\\u${digits.padStart(4, "0")}`;
  });
}

/**
 * A configuration file of a traitlets application.
 * @throws Error for a name that is not an identifier, or a trait that is set twice
 */
export function traitletsFile(settings: readonly Traitlet[]): string {
  const names = settings.map(({ owner, trait }) => `${identifier(owner)}.${identifier(trait)}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${twice} is set twice; set it once`);
  const lines = settings.map(({ value }, index) => `c.${names[index] ?? ""} = ${valueText(value)}`);
  const definitions = settings.flatMap(({ value }) =>
    value instanceof PythonDefinition ? [value.source.trim(), "", ""] : [],
  );
  return ["import os", "", ...definitions, "c = get_config()", ...lines, ""].join("\n");
}

function valueText(value: Traitlet["value"]): string {
  return value instanceof PythonDefinition ? identifier(value.name) : pythonExpression(value);
}

function identifier(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new Error(`${JSON.stringify(name)} is no name of a class or trait of Python`);
}
