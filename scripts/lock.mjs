// One of several commands started at once does the work, the others wait for it.
// A listening socket is the lock: the system takes it back when its holder dies.
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./root.mjs";

function addressOf(name) {
  const id = `switchboard-${createHash("sha256").update(`${root}:${name}`).digest("hex").slice(0, 16)}`;
  if (process.platform === "linux") return `\0${id}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\${id}`;
  return join(tmpdir(), `${id}.sock`);
}

function listen(address) {
  return new Promise((resolve, reject) => {
    const held = new Set();
    const server = createServer((waiting) => {
      held.add(waiting);
      waiting.on("close", () => held.delete(waiting)).on("error", () => waiting.destroy());
    });
    server.once("error", reject);
    server.listen(address, () =>
      resolve(() => {
        server.close();
        for (const waiting of held) waiting.destroy();
      }),
    );
  });
}

/** Resolves when the holder of the lock has let go of it, at once when nobody holds it. */
function waitForHolder(address) {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.on("error", (error) => {
      if (error.code === "ECONNREFUSED" && process.platform === "darwin") rmSync(address, { force: true });
    });
    socket.on("close", () => resolve());
    socket.resume();
  });
}

/** Runs `work` while no other process of this project holds the lock of that name. */
export async function withLock(name, work) {
  const address = addressOf(name);
  let release;
  while (!release) {
    try {
      release = await listen(address);
    } catch (error) {
      if (error.code !== "EADDRINUSE") throw error;
      await waitForHolder(address);
    }
  }
  try {
    return await work();
  } finally {
    release();
  }
}
