import { tool } from "@openai/agents";
import { z } from "zod";
import { sampleNotice } from "./sample.ts";

/** About this product itself, so that the answers are true wherever it runs. */
const articles = [
  {
    title: "Switch to another agent",
    words: "switch agent change specialist choose hand over transfer",
    text: "Use the agent button in the composer. The new agent sees everything that was said before in the thread.",
  },
  {
    title: "Try a different answer",
    words: "branch edit regenerate retry again different answer version lose previous fork",
    text: "Choose Edit on one of your messages, or Try again on an answer. Both versions are kept; move between them with the arrows, shown as 2 / 3.",
  },
  {
    title: "Branch a conversation",
    words: "branch fork copy explore separate",
    text: "Choose Branch from here on any message. The branch shares everything before that message, and neither side changes the other.",
  },
  {
    title: "Export a conversation",
    words: "export download save json markdown html backup copy",
    text: "Open the options of a conversation in the sidebar and choose Export. JSON keeps all branches and can be imported again.",
  },
  {
    title: "Find an old conversation",
    words: "find search old lost missing conversation archive history",
    text: "Use search in the sidebar: it looks through titles and messages. Archived conversations are found too.",
  },
  {
    title: "Stop an answer",
    words: "stop cancel abort running answer long",
    text: "Press Stop or Escape while an answer is being written. What was written so far is kept.",
  },
  {
    title: "Connect a model",
    words: "model connect key api openai ollama local offline demo provider",
    text: "The owner of this server opens Settings, Model, and enters an OpenAI key or the address of any OpenAI-compatible server.",
  },
  {
    title: "Keep what you did as a guest",
    words: "guest account sign up keep conversations register",
    text: "Sign up or sign in while you are a guest: your conversations move into the account.",
  },
];

export const searchHelp = tool({
  name: "search_help",
  description: "Searches the help articles about this product.",
  parameters: z.object({ query: z.string() }),
  execute: ({ query }) => {
    const words = new Set(query.toLowerCase().match(/\p{L}{3,}/gu) ?? []);
    const ranked = articles
      .map(({ title, text, words: keys }) => {
        const known = `${title} ${keys}`.toLowerCase().split(" ");
        return { title, text, score: new Set(known.filter((word) => words.has(word))).size };
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .filter(({ score }, _, [best]) => score * 2 > (best?.score ?? 0))
      .slice(0, 2);
    return { articles: ranked.map(({ title, text }) => ({ title, text })) };
  },
});

export const responseTargets = tool({
  name: "response_targets",
  description: "How soon an escalated matter is answered, by priority.",
  parameters: z.object({ priority: z.enum(["urgent", "high", "normal"]) }),
  execute: ({ priority }) => ({
    notice: sampleNotice,
    priority,
    ...{
      urgent: { firstAnswer: "within 1 hour", resolution: "within 1 day" },
      high: { firstAnswer: "within 4 hours", resolution: "within 2 days" },
      normal: { firstAnswer: "within 1 day", resolution: "within 5 days" },
    }[priority],
  }),
});
