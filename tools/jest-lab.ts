/** Before a test file of real services is loaded: what its modules say they run is installed as they are loaded. */
import { installDeclared } from "../test/lab/host/programs";

installDeclared();
