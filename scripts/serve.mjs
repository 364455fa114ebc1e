// Serves the product: the second half of `npm start` and `npm run dev`.
import next from "next";
import { refuseUnreadable } from "./addresses.mjs";
import { buildWhenStale } from "./build.mjs";
import { readEnvironment } from "./environment.mjs";
import { close as closeAll, createServers, listen, refuseTaken } from "./listeners.ts";
import { withLiveRoutes } from "./live-routes.ts";
import { watchParent } from "./parent.mjs";
import { root, stop } from "./root.mjs";
import { withWholeHeads } from "./whole-heads.ts";

const dev = process.argv.includes("--dev");

// Who read the output may go away before the server does. Nobody can be told then; without this, every
// attempt to tell would fail in turn, for ever.
for (const output of [process.stdout, process.stderr]) output.on("error", () => {});

// Ends it at once until the server is there, and in good order from then on.
watchParent(() => process.kill(process.pid, "SIGTERM"));

process.chdir(root);
process.env.NODE_ENV = dev ? "development" : "production";
process.env.NEXT_TELEMETRY_DISABLED = "1";

const { PORT: port } = await readEnvironment({ dev });
process.env.PORT = String(port);

const refusals = {
  EADDRINUSE: `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=${port + 1}.`,
  EACCES: `Port ${port} may not be used by this account. Choose one above 1023: PORT=3000.`,
};

const refuse = (error) => stop(refusals[error.code] ?? `Port ${port} cannot be used: ${error.message}`);

function closeOn(signals, servers, app) {
  let closing = false;
  // Ends live answers with what they wrote so far (lib/runs/wind-down.ts); absent until the product has booted.
  const windDown = () => globalThis.switchboardWindDown?.();
  const exit = async () => {
    await windDown();
    await app.close();
    process.exit(0);
  };
  const close = () => {
    if (closing) return;
    closing = true;
    void windDown();
    void closeAll(servers).then(exit);
    // Live streams never end by themselves; a browser resumes them after the restart.
    setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, 1_000).unref();
    setTimeout(() => process.exit(1), 10_000).unref();
  };
  for (const signal of signals) process.on(signal, close);
}

async function readHealth() {
  const response = await fetch(`http://localhost:${port}/api/health`, { signal: AbortSignal.timeout(30_000) });
  const health = await response.json().catch(() => ({}));
  if (response.ok) return health;
  throw new Error(health.error ?? `the health check answers ${response.status}`);
}

await refuseTaken(port).catch(refuse);
if (!dev) {
  const complaint = await buildWhenStale();
  if (complaint) stop(`${complaint}\nThe build failed. Look at the message above, then run npm start again.`);
}

// In development Next itself answers what keeps a page up to date, at the one server that it knows of.
const servers = createServers(dev ? 1 : undefined);
const app = next({ dev, dir: root, port, httpServer: servers[0], quiet: true });
closeOn(["SIGINT", "SIGTERM", "SIGHUP"], servers, app);
await app.prepare();
await listen(servers, port, refuseUnreadable(withLiveRoutes(withWholeHeads(app.getRequestHandler())))).catch(refuse);

try {
  const health = await readHealth();
  process.stdout.write(`Switchboard answers on http://localhost:${port}\nModel: ${health.model}\n`);
} catch (error) {
  stop(`Switchboard could not start: ${error.message}`);
}
