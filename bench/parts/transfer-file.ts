import { once } from "node:events";
import { createWriteStream } from "node:fs";

/** Writes a ChatGPT export of this size: conversations of 40 messages, some in other scripts. Answers how many. */
export async function writeExport(file: string, megabytes: number): Promise<number> {
  const out = createWriteStream(file);
  const words = 'The quick brown fox, "quoted", jumps\nover the lazy dog; Grüße aus 東京. '.repeat(10);
  let size = 0;
  let count = 0;
  out.write("[");
  for (; size < megabytes * 1_000_000; count++) {
    const text = `${count === 0 ? "" : ","}${JSON.stringify(conversation(count, words))}`;
    size += Buffer.byteLength(text);
    if (!out.write(text)) await once(out, "drain");
  }
  out.end("]");
  await once(out, "finish");
  return count;
}

function conversation(number: number, words: string) {
  const mapping: Record<string, unknown> = { root: { id: "root", parent: null, children: ["n0"], message: null } };
  for (let index = 0; index < 40; index++) {
    mapping[`n${index}`] = {
      id: `n${index}`,
      parent: index === 0 ? "root" : `n${index - 1}`,
      children: index < 39 ? [`n${index + 1}`] : [],
      message: {
        id: `n${index}`,
        author: { role: index % 2 === 0 ? "user" : "assistant", name: null, metadata: {} },
        create_time: 1_700_000_000.5 + number * 100 + index,
        content: { content_type: "text", parts: [`${words}${number} ${index}`] },
        status: "finished_successfully",
        weight: 1,
        recipient: "all",
        metadata: { model_slug: "gpt-4o" },
      },
    };
  }
  const create_time = 1_700_000_000 + number * 100;
  return {
    id: `c${number}`,
    title: `Conversation ${number}`,
    create_time,
    update_time: create_time,
    current_node: "n39",
    mapping,
  };
}
