import { readFileSync } from "node:fs";
import { Handoff } from "@openai/agents";
import { describe, expect, it } from "vitest";
import { AppError } from "#lib/errors.ts";
import { agentDirectory, defaultAgentId, profileNamed, profileOf, publicAgents } from "./directory.ts";
import { agentFor } from "./registry.ts";

const handOffNames = (id: string) =>
  agentFor(id).handoffs.map((other) =>
    other instanceof Handoff ? other.toolName : new Handoff(other, () => other).toolName,
  );

describe("the built-in agents", () => {
  it("are the nine of the directory, under their names", () => {
    expect(agentDirectory.map(({ id }) => agentFor(id).name)).toEqual([
      "Assistant",
      "Triage",
      "Support",
      "Escalations",
      "Technical",
      "Billing",
      "Travel",
      "Shopping",
      "Summarizer",
    ]);
  });

  it("are handed over to by tools with the SDK's own names", () => {
    expect(handOffNames("triage").sort()).toEqual(
      ["Assistant", "Billing", "Escalations", "Shopping", "Support", "Technical", "Travel"].map(
        (name) => `transfer_to_${name}`,
      ),
    );
    expect(handOffNames("support")).toContain("transfer_to_Escalations");
    expect(handOffNames("summarizer")).toEqual([]);
  });

  it("only hand over to agents that exist, never to themselves and never to an internal one", () => {
    for (const { id, handoffs } of agentDirectory) {
      expect(handoffs).not.toContain(id);
      for (const other of handoffs) expect(publicAgents.map((profile) => profile.id)).toContain(other);
    }
  });

  it("can all be reached from Triage and lead back to it", () => {
    for (const { id } of publicAgents.filter((profile) => profile.id !== "triage")) {
      expect(profileOf("triage")?.handoffs).toContain(id);
      expect(profileOf(id)?.handoffs).toContain("triage");
    }
  });

  it("say in their instructions who they are and that the thread is their memory", () => {
    for (const { id, name } of publicAgents) {
      expect(agentFor(id).instructions).toMatch(new RegExp(`^You are ${name}, `));
      expect(agentFor(id).instructions).toContain("The whole thread is your memory");
    }
  });

  it("offer three suggestions each, and the Summarizer is not offered", () => {
    for (const { suggestions } of publicAgents) expect(suggestions).toHaveLength(3);
    expect(publicAgents.map(({ id }) => id)).not.toContain("summarizer");
    expect(publicAgents.map(({ id }) => id)).toContain(defaultAgentId);
  });

  it("are found by name, as the SDK reports them", () => {
    expect(profileNamed("Billing")?.id).toBe("billing");
    expect(profileNamed("Nobody")).toBeUndefined();
  });

  it("refuse an unknown id", () => {
    for (const id of ["nobody", "", "__proto__", "Billing"]) {
      expect(() => agentFor(id)).toThrow(AppError);
    }
  });

  it("are described in a file that a browser can load: it imports nothing", () => {
    expect(readFileSync(new URL("./directory.ts", import.meta.url), "utf8")).not.toMatch(/^import /m);
  });
});
