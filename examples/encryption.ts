// Encryption: what is stored can be read with the key only, and keys can be changed.
import { randomBytes } from "node:crypto";
import { Agent, run } from "@openai/agents";
import { EncryptedSession, SQLiteSession } from "../lib/sessions/index.ts";
import { pretend } from "./model.ts";

export async function main(print = console.log): Promise<void> {
  const agent = new Agent({ name: "Doctor", model: pretend() });
  const old = { id: "2025", key: randomBytes(32) };
  const fresh = { id: "2026", key: randomBytes(32) };

  const plain = new SQLiteSession({ conversationId: "alice:health/1" });
  const session = new EncryptedSession(plain, { keys: [old] });
  await run(agent, "My knee hurts.", { session });
  print(`Kept: ${JSON.stringify(await plain.getItems()).includes("knee") ? "in the clear" : "encrypted"}`);

  const both = new EncryptedSession(plain, { keys: [fresh, old] });
  print(`${(await both.rekey()).items} items have a new key.`);
  const after = new EncryptedSession(plain, { keys: [fresh] });
  print((await after.turns())[0]?.preview);
  await session.close();
}

if (process.argv[1] === import.meta.filename) await main();
