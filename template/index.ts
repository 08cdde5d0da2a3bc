import { program } from "labstead";

export = () => program();
