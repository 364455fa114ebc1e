import { type Client, createClient } from "@libsql/client";

/** One turn of realistic size: what the user says, a call, its result, an answer. */
export function turn(number: number) {
  const callId = `call_${number.toString().padStart(24, "0")}`;
  return [
    {
      type: "message" as const,
      role: "user" as const,
      content: `Question ${number}: ${"where is my order? ".repeat(8)}`,
    },
    {
      type: "function_call" as const,
      callId,
      name: "find_order",
      status: "completed" as const,
      arguments: JSON.stringify({ order: `A-${number}`, fields: ["status", "carrier", "expected"] }),
    },
    {
      type: "function_call_result" as const,
      callId,
      name: "find_order",
      status: "completed" as const,
      output: {
        type: "text" as const,
        text: JSON.stringify({ status: "sent", history: "left the warehouse; ".repeat(25) }),
      },
    },
    {
      type: "message" as const,
      role: "assistant" as const,
      status: "completed" as const,
      content: [{ type: "output_text" as const, text: `Order A-${number} ${"is on its way to you. ".repeat(40)}` }],
    },
  ];
}

/** The least a program could do on the bare client: one table, one statement. */
export class Raw {
  readonly client: Client;
  #next = 0;

  constructor(path: string, timeout = 60_000) {
    this.client = createClient({ url: `file:${path}`, timeout, concurrency: 1 });
  }

  /** Sets what is set for a connection alone. */
  async connect(): Promise<this> {
    await this.client.execute("PRAGMA journal_mode = WAL");
    await this.client.execute("PRAGMA synchronous = NORMAL");
    return this;
  }

  async prepare(): Promise<void> {
    await this.connect();
    await this.client.execute(
      "CREATE TABLE IF NOT EXISTS raw (session TEXT NOT NULL, position INTEGER NOT NULL, item TEXT NOT NULL, PRIMARY KEY (session, position))",
    );
  }

  async append(session: string, items: readonly object[]): Promise<void> {
    const values = items.map(() => "(?, ?, ?)").join(", ");
    const args = items.flatMap((item) => [session, this.#next++, JSON.stringify(item)]);
    await this.client.batch([{ sql: `INSERT INTO raw VALUES ${values}`, args }], "write");
  }

  async last(session: string, count: number): Promise<unknown[]> {
    const sql = "SELECT item FROM raw WHERE session = ? ORDER BY position DESC LIMIT ?";
    const { rows } = await this.client.execute({ sql, args: [session, count] });
    return rows.map((row) => JSON.parse(String(row.item))).reverse();
  }

  async all(session: string): Promise<unknown[]> {
    const sql = "SELECT item FROM raw WHERE session = ? ORDER BY position";
    const { rows } = await this.client.execute({ sql, args: [session] });
    return rows.map((row) => JSON.parse(String(row.item)));
  }
}

/** The middle of several samples, in microseconds. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Both alternately, so that whatever else the machine does falls on both. */
export async function compare(
  rounds: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  const time = async (samples: number[], work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    samples.push((performance.now() - started) * 1000);
  };
  for (let round = 0; round < rounds; round++) {
    await time(times[0], one);
    await time(times[1], other);
  }
  return [median(times[0]), median(times[1])];
}
