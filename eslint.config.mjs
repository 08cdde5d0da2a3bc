import js from "@eslint/js";
import tseslint from "typescript-eslint";
import { roomImports } from "./tools/eslint/room-imports.mjs";

/** Constructors that make values. Anything else made inside `apply` is likely a resource. */
const VALUES = "/Error$|^(Map|Set|WeakMap|Date|URL|RegExp|Promise|Array|Uint8Array)$/";

const SYNTAX = [
  {
    selector: `CallExpression[callee.property.name='apply'] NewExpression:not([callee.name=${VALUES}])`,
    message:
      "A resource made inside apply is missing from previews: make it outside, with Outputs as inputs.",
  },
  {
    selector: "TSAsExpression > TSAsExpression > TSUnknownKeyword",
    message: "`as unknown as` hides a type error: narrow or parse the value.",
  },
];

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      ".tools/",
      ".labstead/",
      "out/",
      "coverage/",
      "dist/",
      "docs/api/",
      "template/",
    ],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { labstead: { rules: { "room-imports": roomImports } } },
  },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "labstead/room-imports": "error",
      "max-lines": ["error", 400],
      "no-restricted-syntax": ["error", ...SYNTAX],
      "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"], location: "anywhere" }],
      eqeqeq: "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      // A default that ends in assertNever is exhaustive; one that returns is a decision.
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // `_` names what a signature or a pattern asks for and nobody reads.
      "@typescript-eslint/no-unused-vars": [
        "error",
        {
          argsIgnorePattern: "^_",
          varsIgnorePattern: "^_",
          destructuredArrayIgnorePattern: "^_",
          ignoreRestSiblings: true,
        },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        // A named value is made to stand in texts; an Output in one is the mistake that this rule finds.
        { allowNumber: true, allow: [{ from: "file", name: "NamedValue" }] },
      ],
      // `() => log(x)` where nothing is returned reads well and does no harm.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // Methods of a provider are async by its interface, with or without something to await.
      "@typescript-eslint/require-await": "off",
      // In 8.73 it recurses without end on recursive types (a JSON value, for one).
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
    },
  },
  // Generated, as long as the schema is.
  { files: ["environment/input.ts"], rules: { "max-lines": "off" } },
  {
    // A part loads its charts, and cdk8s with them, when they are drawn.
    files: ["**/part.ts"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off", "max-lines": ["error", 600] },
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
  {
    files: ["**/*.browser.js"],
    languageOptions: {
      globals: { document: "readonly", location: "readonly", addEventListener: "readonly", CSS: "readonly" },
    },
  },
  {
    files: ["**/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { require: "readonly", module: "writable", __dirname: "readonly" },
    },
  },
);
