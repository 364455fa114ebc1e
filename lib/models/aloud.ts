import type { Model, ModelRequest, ModelResponse, StreamEvent } from "@openai/agents";
import type { Hear } from "./said.ts";

/** A model that tells what it says to who listens, while it says it. Its events need not repeat that. */
export interface Speaker {
  getResponse(request: ModelRequest): Promise<ModelResponse>;
  speak(request: ModelRequest, hear: Hear): AsyncIterable<StreamEvent>;
}

/**
 * A speaker as the model of one run. What it says goes straight to `hear`. The runner, which has a price for each
 * event, gets of each answer two: that it has begun and, with all that it holds, that it is done. "answer-end" is
 * heard just before that one.
 */
export class AloudModel implements Model {
  readonly #speaker: Speaker;
  readonly #hear: Hear;

  constructor(speaker: Speaker, hear: Hear) {
    this.#speaker = speaker;
    this.#hear = hear;
  }

  getResponse(request: ModelRequest): Promise<ModelResponse> {
    return this.#speaker.getResponse(request);
  }

  async *getStreamedResponse(request: ModelRequest): AsyncGenerator<StreamEvent> {
    let begun = false;
    for await (const event of this.#speaker.speak(request, this.#hear)) {
      if (!begun) yield { type: "response_started" };
      begun = true;
      if (event.type !== "response_done") continue;
      this.#hear({ kind: "answer-end" });
      yield event;
    }
  }
}
