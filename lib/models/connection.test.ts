import { describe, expect, it } from "vitest";
import {
  connectionFromEnvironment,
  connectionTo,
  defaultOpenAiModel,
  demoConnection,
  describeModel,
} from "./connection.ts";

describe("connectionFromEnvironment", () => {
  it("is nothing when neither a key nor an address is given", () => {
    expect(connectionFromEnvironment({})).toBeUndefined();
    expect(connectionFromEnvironment({ OPENAI_MODEL: "gpt-5", OPENAI_API: "chat" })).toBeUndefined();
  });

  it("is OpenAI over Responses with a key alone", () => {
    expect(connectionFromEnvironment({ OPENAI_API_KEY: "sk-1" })).toEqual({
      kind: "openai",
      label: "OpenAI",
      baseUrl: "https://api.openai.com/v1",
      apiKey: "sk-1",
      api: "responses",
      model: defaultOpenAiModel,
    });
  });

  it("is a compatible server over Chat Completions with an address, key or not", () => {
    expect(connectionFromEnvironment({ OPENAI_BASE_URL: "http://localhost:8000/v1/" })).toEqual({
      kind: "compatible",
      label: "localhost:8000",
      baseUrl: "http://localhost:8000/v1",
      apiKey: undefined,
      api: "chat",
      model: "",
    });
  });

  it("follows OPENAI_API and OPENAI_MODEL", () => {
    const given = {
      OPENAI_BASE_URL: "https://openrouter.ai/api/v1",
      OPENAI_API: "responses",
      OPENAI_MODEL: "m",
    } as const;
    expect(connectionFromEnvironment(given)).toMatchObject({ api: "responses", model: "m", label: "openrouter.ai" });
    expect(connectionFromEnvironment({ OPENAI_API_KEY: "k", OPENAI_API: "chat" })).toMatchObject({ api: "chat" });
  });
});

describe("connectionTo", () => {
  it("adds the /v1 that people leave out for a server of their own, and changes no other address", () => {
    expect(connectionTo({ baseUrl: "http://192.168.1.5:11434" }).baseUrl).toBe("http://192.168.1.5:11434/v1");
    expect(connectionTo({ baseUrl: "https://api.perplexity.ai/" }).baseUrl).toBe("https://api.perplexity.ai");
    expect(connectionTo({ baseUrl: "http://localhost:8080/api" }).baseUrl).toBe("http://localhost:8080/api");
  });

  it("takes what the owner saved, nulls included", () => {
    expect(connectionTo({ baseUrl: null, apiKey: "sk-2", api: "responses", model: "gpt-5" })).toMatchObject({
      kind: "openai",
      model: "gpt-5",
    });
  });
});

describe("describeModel", () => {
  it("names the model and where it is", () => {
    expect(describeModel(connectionTo({ apiKey: "k", model: "gpt-5" }))).toBe("gpt-5 at OpenAI");
    expect(describeModel(connectionTo({ baseUrl: "http://localhost:11434", model: "llama3" }))).toBe(
      "llama3 at localhost:11434",
    );
    expect(describeModel(connectionTo({ baseUrl: "http://localhost:11434" }))).toBe("A model at localhost:11434");
    expect(describeModel(demoConnection)).toBe("Offline demo model");
  });
});
