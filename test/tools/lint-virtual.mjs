/**
 * Lints files that need not exist, by the repository's own configuration without the rules that need types: a child
 * process, as Jest cannot load a configuration that is an ES module. In: `[{ path, code }]`; out: `[[{ rule, message }]]`.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";

const root = path.resolve(import.meta.dirname, "../..");
const eslint = new ESLint({
  cwd: root,
  overrideConfig: { ...tseslint.configs.disableTypeChecked, files: ["**/*.ts"] },
});
const files = JSON.parse(readFileSync(0, "utf8"));
const answers = [];
for (const file of files) {
  const [result] = await eslint.lintText(file.code, { filePath: path.join(root, file.path) });
  answers.push(result.messages.map(({ ruleId, message }) => ({ rule: ruleId, message })));
}
process.stdout.write(JSON.stringify(answers));
