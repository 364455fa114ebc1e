import { z } from "zod";
import { canChat } from "./client.ts";
import { type Connection, connectionTo } from "./connection.ts";

/** The usual ports: Ollama, LM Studio, llama.cpp (also llamafile, LocalAI, MLX), vLLM, Jan, GPT4All. */
const usualPorts = [11434, 1234, 8080, 8000, 1337, 4891];

const modelsList = z.object({ object: z.literal("list"), data: z.array(z.object({ id: z.string().min(1) })).min(1) });

/** The model server on this machine to use when nothing is configured, if there is one. */
export async function discoverLocalServer(ports?: readonly number[]): Promise<Connection | undefined> {
  const [first] = await discoverLocalServers(ports);
  return first;
}

/**
 * Model servers on this machine, in the order of their ports. A port counts only when it answers with a valid
 * list of models at once, so that any other program there, this one included, is left alone.
 */
export async function discoverLocalServers(
  ports: readonly number[] = usualPorts,
  patience = 300,
): Promise<Connection[]> {
  const found = await Promise.all(ports.map((port) => probe(port, patience)));
  return found.filter((connection) => connection !== undefined);
}

async function probe(port: number, patience: number): Promise<Connection | undefined> {
  const list = await readList(`http://127.0.0.1:${port}/v1/models`, patience);
  const model = list?.data.map(({ id }) => id).find(canChat);
  return model
    ? connectionTo({ baseUrl: `http://127.0.0.1:${port}/v1`, label: `localhost:${port}`, model })
    : undefined;
}

async function readList(address: string, patience: number): Promise<z.output<typeof modelsList> | undefined> {
  try {
    const response = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(patience) });
    return response.ok ? modelsList.safeParse(await response.json()).data : undefined;
  } catch {
    // Nothing there, something slow, or something that is no model server: all the same here.
    return undefined;
  }
}
