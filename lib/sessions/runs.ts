import type { AgentInputItem, RunContext } from "@openai/agents";
import { newId } from "./ids.ts";
import { isUserMessage } from "./sanitise.ts";
import type { NewItem, Usage } from "./store.ts";

/** Of a `Runner` (or an `Agent`): what is needed to hear which agent starts. */
export interface RunSource {
  on(event: "agent_start", listener: (context: RunContext<unknown>, ...rest: unknown[]) => void): unknown;
}

interface Track {
  run: string;
  agent: string | null;
  /** Model by agent, as far as it was heard. */
  models: Map<string, string>;
  counted: Usage;
}

const NOTHING: Usage = { requests: 0, inputTokens: 0, outputTokens: 0, totalTokens: 0 };

/** Who is at work in the runs of this process, by their context: the runner hands the same one to every call. */
export class RunTracker {
  readonly #tracks = new WeakMap<object, Track>();

  #track(context: object): Track {
    const known = this.#tracks.get(context);
    if (known) return known;
    const track: Track = { run: newId(), agent: null, models: new Map(), counted: NOTHING };
    this.#tracks.set(context, track);
    return track;
  }

  /** Listens to a runner, so that items are stored with the agent and the model that made them. */
  observe(source: RunSource): void {
    source.on("agent_start", (context, agent) => {
      const name = textOf(agent, "name");
      if (name === undefined) return;
      const track = this.#track(context);
      track.agent ??= name;
      const model = textOf(agent, "model");
      if (model) track.models.set(name, model);
    });
  }

  /**
   * Items with what is known of their making, and the agent that has the floor after them.
   *
   * @param agent Who had the floor before them, where no runner is observed.
   */
  describe(
    items: readonly AgentInputItem[],
    context: RunContext<unknown> | undefined,
    agent: string | null,
    at: number,
  ): { items: NewItem[]; agent: string | null } {
    const track = context && this.#track(context);
    let speaker = track?.agent ?? agent;
    const described = items.map((item): NewItem => {
      const by = isUserMessage(item) ? null : speaker;
      const target = handOffTarget(item);
      if (target !== undefined) speaker = target;
      const model = by === null ? undefined : track?.models.get(by);
      return { item, agent: by, run: track?.run ?? null, createdAt: at, ...(model ? { model } : {}) };
    });
    if (track) {
      track.agent = speaker;
      const used = subtract(usageOf(context), track.counted);
      const last = described.at(-1);
      if (last && used.requests > 0) {
        last.usage = used;
        track.counted = usageOf(context);
      }
    }
    return { items: described, agent: speaker };
  }
}

/** The agent that a hand-off's result names, as the SDK writes it. */
function handOffTarget(item: AgentInputItem): string | undefined {
  if (item.type !== "function_call_result" || !item.name.startsWith("transfer_to_")) return undefined;
  const { output } = item;
  const text = typeof output === "string" ? output : textOf(output, "text");
  try {
    return textOf(JSON.parse(text ?? "null"), "assistant");
  } catch {
    return undefined;
  }
}

function textOf(value: unknown, key: string): string | undefined {
  if (value === null || typeof value !== "object") return undefined;
  const inner: unknown = Reflect.get(value, key);
  return typeof inner === "string" ? inner : undefined;
}

function usageOf({ usage }: RunContext<unknown>): Usage {
  const cachedInputTokens = sum(usage.inputTokensDetails, "cached_tokens");
  const reasoningTokens = sum(usage.outputTokensDetails, "reasoning_tokens");
  return {
    requests: usage.requests,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    totalTokens: usage.totalTokens,
    ...(cachedInputTokens > 0 ? { cachedInputTokens } : {}),
    ...(reasoningTokens > 0 ? { reasoningTokens } : {}),
  };
}

function sum(details: readonly Record<string, number>[] | undefined, key: string): number {
  return (details ?? []).reduce((total, detail) => total + (detail[key] ?? 0), 0);
}

/** What two amounts come to together. */
export function addUsage(left: Usage, right: Usage): Usage {
  return join(left, right, (one, two) => one + two);
}

function subtract(left: Usage, right: Usage): Usage {
  return join(left, right, (one, two) => one - two);
}

function join(left: Usage, right: Usage, how: (one: number, two: number) => number): Usage {
  const cachedInputTokens = how(left.cachedInputTokens ?? 0, right.cachedInputTokens ?? 0);
  const reasoningTokens = how(left.reasoningTokens ?? 0, right.reasoningTokens ?? 0);
  return {
    requests: how(left.requests, right.requests),
    inputTokens: how(left.inputTokens, right.inputTokens),
    outputTokens: how(left.outputTokens, right.outputTokens),
    totalTokens: how(left.totalTokens, right.totalTokens),
    ...(cachedInputTokens > 0 ? { cachedInputTokens } : {}),
    ...(reasoningTokens > 0 ? { reasoningTokens } : {}),
  };
}
