/** A process that writes to a session until it has done so many turns, or is ended: `node writer.ts FILE ID NAME TURNS`. */
import { SQLiteSession } from "../places.ts";

const [path = "", conversationId = "", name = "", turns = "0"] = process.argv.slice(2);
const session = new SQLiteSession({ path, conversationId });
for (let turn = 0; turn < Number(turns); turn++) {
  const text = `${name}.${turn}`;
  await session.addItems([
    { role: "user", content: text },
    { type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text }] },
  ]);
  process.stdout.write(".");
}
await session.close();
