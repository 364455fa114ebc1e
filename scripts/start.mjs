// `npm start`. Nothing may be imported here that is not in this folder or in Node itself:
// on a fresh clone nothing is installed yet, and the system's Node may be an old one.
import { installMissing } from "./install.mjs";
import { continueOnFittingNode, refuseUnfitSystem } from "./node.mjs";

refuseUnfitSystem("npm start");
await installMissing({ dev: false });
await continueOnFittingNode("serve.mjs");
