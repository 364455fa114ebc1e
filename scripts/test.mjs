// `npm test`: everything that proves the project. Plain Node only, as in start.mjs.
import { installMissing } from "./install.mjs";
import { continueOnFittingNode, refuseUnfitSystem } from "./node.mjs";

refuseUnfitSystem("npm test");
await installMissing({ dev: true });
await continueOnFittingNode("suites.mjs");
