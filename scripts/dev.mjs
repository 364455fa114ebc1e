// `npm run dev`: as `npm start`, with the development server and no build.
import { installMissing } from "./install.mjs";
import { continueOnFittingNode, refuseUnfitSystem } from "./node.mjs";

refuseUnfitSystem("npm run dev");
await installMissing({ dev: true });
await continueOnFittingNode("serve.mjs", ["--dev"]);
