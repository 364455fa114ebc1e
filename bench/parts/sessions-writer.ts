/** One of several processes that write at once: `node sessions-writer.ts raw|ours FILE NAME WRITERS TURNS`. */
import { SQLiteSession } from "../../lib/sessions/places.ts";
import { Raw, turn } from "./sessions-raw.ts";

const [kind, path = "", name = "", writers = "1", turns = "1"] = process.argv.slice(2);

async function writeRaw(): Promise<void> {
  const raw = await new Raw(path).connect();
  await Promise.all(
    Array.from({ length: Number(writers) }, async () => {
      for (let number = 0; number < Number(turns); number++) await raw.append(name, turn(number));
    }),
  );
}

async function writeOurs(): Promise<void> {
  await Promise.all(
    Array.from({ length: Number(writers) }, async () => {
      await using session = new SQLiteSession({ path, conversationId: "alice:support/01JD8Y3Q4ZK7M2N5P8R1T6V9WX" });
      for (let number = 0; number < Number(turns); number++) await session.addItems(turn(number));
    }),
  );
}

process.stdin.once("data", async () => {
  const started = performance.now();
  await (kind === "raw" ? writeRaw() : writeOurs());
  process.stdout.write(`${performance.now() - started}`);
  process.exit(0);
});
process.stdout.write("ready");
