import { type ChatCompletionRequest, LLMock } from "@copilotkit/aimock";

type When = string | RegExp;

interface Story {
  before: string;
  to: string;
  tool: string;
  input: Record<string, unknown>;
  after: string;
}

/** A model server whose answers a test writes beforehand. It speaks the real protocol. */
export class ScriptedModel {
  readonly #mock: LLMock;

  constructor(port = 0) {
    this.#mock = new LLMock({ port, logLevel: "silent" });
  }

  async start(): Promise<void> {
    await this.#mock.start();
  }

  stop(): Promise<void> {
    return this.#mock.stop();
  }

  get url(): string {
    return `${this.#mock.url}/v1`;
  }

  /** Forgets what the last test has said. */
  clear(): void {
    this.#mock.clearFixtures().resetMatchCounts();
    this.#mock.clearRequests();
  }

  answers(when: When, text: string): void {
    this.#mock.onMessage(when, { content: text, usage: { prompt_tokens: 20, completion_tokens: 10 } });
  }

  /** Answers with what `write` makes of all that the model was sent. */
  answersFrom(when: When, write: (said: string) => string): void {
    this.#mock.onMessage(when, (request) => ({ content: write(allText(request)) }));
  }

  /** One piece of about five characters every `gap` milliseconds. */
  answersSlowly(when: When, text: string, gap = 60): void {
    this.#mock.onMessage(when, { content: text }, { latency: gap, chunkSize: 5 });
  }

  /** Breaks the connection off in the middle of the answer. */
  breaksOff(when: When, text: string): void {
    this.#mock.onMessage(when, { content: text }, { latency: 20, chunkSize: 5, truncateAfterChunks: 6 });
  }

  fails(when: When, status: number, message: string): void {
    this.#mock.onMessage(when, { error: { message, type: "error" }, status });
  }

  /** Hands the person over while `from` is asked, and answers as `to` afterwards. */
  handsOver(when: When, to: string, text: string): void {
    const tool = `transfer_to_${to}`;
    this.#mock.on(
      { userMessage: when, predicate: (request) => offers(request, tool) && !called(request, tool) },
      { toolCalls: [{ name: tool, arguments: "{}" }] },
    );
    this.#mock.on({ userMessage: when }, { content: text });
  }

  /** Calls a tool of the agent, then answers. */
  calls(when: When, tool: string, input: Record<string, unknown>, text: string): void {
    this.#mock.on(
      { userMessage: when, hasToolResult: false },
      { toolCalls: [{ name: tool, arguments: JSON.stringify(input) }] },
    );
    this.#mock.on({ userMessage: when, hasToolResult: true }, { content: text });
  }

  /** Calls several tools of the agent in one breath, then answers. */
  callsTogether(when: When, calls: { tool: string; input: Record<string, unknown> }[], text: string): void {
    const toolCalls = calls.map(({ tool, input }) => ({ name: tool, arguments: JSON.stringify(input) }));
    this.#mock.on({ userMessage: when, hasToolResult: false }, { toolCalls });
    this.#mock.on({ userMessage: when, hasToolResult: true }, { content: text });
  }

  /** One agent says something and hands over; the next calls a tool and answers. */
  tells(when: When, { before, to, tool, input, after }: Story): void {
    const handOff = `transfer_to_${to}`;
    this.#mock.on(
      { userMessage: when, predicate: (request) => offers(request, handOff) && !called(request, handOff) },
      { content: before, toolCalls: [{ name: handOff, arguments: "{}" }] },
    );
    this.#mock.on(
      { userMessage: when, predicate: (request) => offers(request, tool) && !called(request, tool) },
      { toolCalls: [{ name: tool, arguments: JSON.stringify(input) }] },
    );
    this.#mock.on({ userMessage: when }, { content: after });
  }

  /** How often the model was asked since the test began. */
  get asked(): number {
    return this.#mock.getRequests().filter(({ path }) => path.endsWith("/chat/completions")).length;
  }
}

function allText(request: ChatCompletionRequest): string {
  return request.messages.map(({ content }) => JSON.stringify(content)).join("\n");
}

function offers(request: ChatCompletionRequest, tool: string): boolean {
  return request.tools?.some(({ function: { name } }) => name === tool) ?? false;
}

function called(request: ChatCompletionRequest, tool: string): boolean {
  const since = request.messages.findLastIndex(({ role }) => role === "user");
  return request.messages
    .slice(since)
    .some(({ tool_calls }) => tool_calls?.some(({ function: { name } }) => name === tool));
}
