import { environments } from "../../catalog";
import { stackFile } from "../../environment/stack-file";
import { lab } from "../../lab";
import { diagram } from "../../review/diagram";

/** Prints the diagram of a stack, for a page or a pull request. */
export function runDiagram(stack: string, options: { readonly file?: string }): void {
  const { plan, infra } = lab(environments.read(options.file ?? stackFile(process.cwd(), stack)));
  process.stdout.write(diagram(plan, infra));
}
