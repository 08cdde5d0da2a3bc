/** DL, on a network of its own project that was there before: its addresses are the planned ones. */
import { exampleSuite } from "./example-suite";
import { DATALABS } from "./harness";

exampleSuite(DATALABS);
