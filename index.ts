/** Entry of the official Pulumi CLI: what this function returns are the stack's outputs. */
import { program } from "./stack/program";

export = () => program();
