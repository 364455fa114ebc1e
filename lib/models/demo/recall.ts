import { factKey, isQuestion, type Memory, remember } from "./memory.ts";
import type { Thread } from "./thread.ts";

const quote = (text: string, most = 160) => {
  const line = text.replace(/\s+/g, " ").trim();
  return `"${line.length > most ? `${line.slice(0, most).trimEnd()}…` : line}"`;
};

/** The answer to a question about what was said before, or nothing when the last message is no such question. */
export function recall(thread: Thread): string | undefined {
  const question = thread.last;
  const before = thread.said.slice(0, -1);
  const memory = remember([...thread.notes, ...thread.said]);
  const asks = (pattern: RegExp) => pattern.test(question);

  if (asks(/\b(?:first (?:message|thing|question)|did I (?:say|ask|write) first)\b/i)) {
    return before[0] ? `Your first message here was ${quote(before[0])}.` : "This is your first message here.";
  }
  if (asks(/\b(?:last (?:message|thing|question) I|did I just (?:say|ask|write)|my (?:last|previous) message)\b/i)) {
    return before.length > 0
      ? `Just before this you wrote ${quote(before.at(-1) ?? "")}.`
      : "You have not written anything before this message.";
  }
  if (asks(/\b(?:summari[sz]e|summary|recap|what (?:have|did) we (?:talk|discuss|say))/i)) return summarise(thread);
  if (asks(/\bwhat do you (?:know|remember) about me\b|\bwhat have I told you\b/i)) return everythingKnown(memory);
  if (asks(/\bwhat(?:['’]s| is| was) my (?:own )?(?:first )?name\b|\bwho am I\b|\b(?:know|remember) my name\b/i)) {
    const name = memory.facts.get("name");
    return name ? `Your name is **${name}**.` : "You have not told me your name in this conversation.";
  }
  if (asks(/\bwhere (?:do I live|is my home)\b/i)) return told(memory, "home", "You live in", "where you live");
  if (asks(/\bwhere (?:am I|do I come) from\b/i)) return told(memory, "origin", "You are from", "where you are from");
  if (asks(/\b(?:where|what|who) do I work\b|\bwhat is my job\b/i))
    return told(memory, "work", "Your work:", "what your work is");
  if (asks(/\bwhat (?:do|did) I (?:say I )?(?:like|love|prefer|enjoy|hate|dislike)\b/i)) {
    return memory.likes.length > 0
      ? `You said you ${memory.likes.map(({ verb, what }) => `${verb} **${what}**`).join(", and ")}.`
      : "You have not told me what you like in this conversation.";
  }
  const asked =
    /\b(?:what(?:['’]s| is| was| are)|do you (?:know|remember)|remind me(?: of)?|tell me) my ([^?.!]+)/i.exec(
      question,
    )?.[1];
  if (!asked) return undefined;
  const key = factKey(asked.replace(/\b(?:again|please)\b.*$/i, ""));
  const value =
    memory.facts.get(key) ?? [...memory.facts].find(([known]) => known.includes(key) || key.includes(known))?.[1];
  return value
    ? `Your ${asked.trim()}: **${value}**.`
    : `You have not told me your ${asked.trim()} in this conversation.`;
}

/** A short acknowledgement when the last message tells something worth keeping. */
export function acknowledge(thread: Thread): string | undefined {
  if (isQuestion(thread.last)) return undefined;
  const { facts, likes } = remember([thread.last]);
  const name = facts.get("name");
  const rest = [
    ...[...facts].filter(([key]) => key !== "name").map(([key, value]) => phrase(key, value)),
    ...likes.map(({ verb, what }) => `you ${verb} ${what}`),
  ];
  if (!name && rest.length === 0) return undefined;
  const noted = rest.length > 0 ? ` Noted: ${rest.join("; ")}.` : "";
  return `${name ? `Nice to meet you, ${name}.` : ""}${noted} I will remember it in this thread, whichever agent you talk to.`.trim();
}

export function summarise(thread: Thread): string {
  const people = thread.said.slice(0, -1);
  if (people.length === 0) return "There is nothing to summarise yet: this is your first message here.";
  const known = remember([...thread.notes, ...thread.said]);
  const facts = [...known.facts].map(([key, value]) => `- ${capital(phrase(key, value))}`);
  return [
    `So far you have written ${people.length === 1 ? "one message" : `${people.length} messages`}:`,
    people
      .map((text, index) => `${index + 1}. ${quote(text)}`)
      .slice(-12)
      .join("\n"),
    ...(facts.length > 0 ? [`What I know about you:\n\n${facts.join("\n")}`] : []),
  ].join("\n\n");
}

function everythingKnown({ facts, likes }: Memory): string {
  const lines = [
    ...[...facts].map(([key, value]) => `- ${capital(phrase(key, value))}`),
    ...likes.map(({ verb, what }) => `- You ${verb} ${what}`),
  ];
  return lines.length > 0
    ? `From this conversation I know:\n\n${lines.join("\n")}`
    : "You have not told me anything about yourself in this conversation yet.";
}

function told({ facts }: Memory, key: string, found: string, missing: string): string {
  const value = facts.get(key);
  return value ? `${found} **${value}**.` : `You have not told me ${missing} in this conversation.`;
}

function phrase(key: string, value: string): string {
  if (key === "home") return `you live in ${value}`;
  if (key === "origin") return `you are from ${value}`;
  if (key === "work") return `your work is ${value}`;
  return `your ${key} is ${value}`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
