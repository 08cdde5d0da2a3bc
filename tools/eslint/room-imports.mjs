/** ESLint rule: a file imports from its own room and from those that the table of the rooms allows it. */
import path from "node:path";
import { CONFIGURATION, OUTSIDE, ROOMS } from "./rooms.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Path below the repository with `/`, or undefined outside of it. */
function inRepository(file) {
  const relative = path.relative(ROOT, file).split(path.sep).join("/");
  return relative.startsWith("../") || relative.startsWith("node_modules/") ? undefined : relative;
}

/** The room's folder, of one name or two, or a file of the top level with its extension. */
function roomOf(relative) {
  const [first, ...rest] = relative.split("/");
  const nested = `${first}/${rest[0]}`;
  if (nested in ROOMS) return nested;
  return rest.length > 0 || first in ROOMS || path.extname(first) !== "" ? first : roomOfModule(first);
}

/** `../infra` is a folder, `./lab` the file `lab.ts`. */
function roomOfModule(name) {
  return `${name}.ts` in ROOMS ? `${name}.ts` : name;
}

function isAllowed(entry, target, room, isType) {
  const onlyType = entry.startsWith("type:");
  if (onlyType && !isType) return false;
  const allowed = onlyType ? entry.slice("type:".length) : entry;
  return allowed === room || target === allowed || target.startsWith(`${allowed}/`);
}

/** Why a file may not import a module, or undefined. Exported for its test. */
export function reasonAgainst(file, specifier, isType) {
  const source = inRepository(file);
  if (source === undefined || !specifier.startsWith(".")) return undefined;
  const from = roomOf(source);
  const target = inRepository(path.resolve(path.dirname(file), specifier));
  if (OUTSIDE.includes(from) || target === undefined) return undefined;
  const to = roomOf(target);
  if (from === to) return undefined;
  if (!(from in ROOMS))
    return `"${from}" is no room: name it in tools/eslint/rooms.mjs, with what it may import.`;
  const decided = reasonAgainstConfiguration(source, from, target);
  if (decided !== undefined) return decided;
  if (ROOMS[from].some((entry) => isAllowed(entry, target, to, isType))) return undefined;
  const allowed = ROOMS[from].length === 0 ? "nothing outside of itself" : ROOMS[from].join(", ");
  return `${from} may not import ${to} (${specifier}); it may import ${allowed}.`;
}

/** Who renders reads the plan, in which everything is decided. */
function reasonAgainstConfiguration(source, from, target) {
  const { modules, free, readers, files } = CONFIGURATION;
  const isIn = (list) => list.some((each) => target === each || target.startsWith(`${each}/`));
  if (!isIn(modules) || isIn(free)) return undefined;
  if (readers.includes(from) || files.includes(path.basename(source))) return undefined;
  return `${source} may not read the configuration (${target}); it reads the plan, and ${files.join(" or ")} of a part decides.`;
}

/** All names of an import are types: `import type …` or `import { type A, type B } …`. */
function importsTypes(node) {
  if (node.importKind === "type" || node.exportKind === "type") return true;
  const named = node.specifiers ?? [];
  return named.length > 0 && named.every((name) => (name.importKind ?? name.exportKind) === "type");
}

/** @type {import("eslint").Rule.RuleModule} */
export const roomImports = {
  meta: {
    type: "problem",
    docs: { description: "Rooms import only what the architecture allows" },
    schema: [],
  },
  create(context) {
    const check = (literal, isType) => {
      if (typeof literal?.value !== "string") return;
      const message = reasonAgainst(context.filename, literal.value, isType);
      if (message !== undefined) context.report({ node: literal, message });
    };
    const declaration = (node) => check(node.source, importsTypes(node));
    return {
      ImportDeclaration: declaration,
      ExportNamedDeclaration: declaration,
      ExportAllDeclaration: declaration,
      ImportExpression: (node) => check(node.source, false),
      TSImportType: (node) => check(node.source ?? node.argument?.literal, true),
      TSExternalModuleReference: (node) => check(node.expression, false),
      "CallExpression[callee.name='require'], CallExpression[callee.property.name='resolve'][callee.object.name='require']":
        (node) => check(node.arguments[0], false),
    };
  },
};
