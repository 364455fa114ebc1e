import type { Thread } from "./thread.ts";

/** What each agent says in its own role when no tool fits. */
const answers: Record<string, readonly { when: RegExp; text: string }[]> = {
  Assistant: [
    {
      when: /\bbranch/i,
      text: "Choose **Branch from here** on any message to try something else from that point. Editing a message or asking for another answer does the same, and every version stays within reach as `2 / 3`. Nothing is copied or overwritten: a branch shares everything before it.",
    },
  ],
  Billing: [
    {
      when: /\brefund/i,
      text: "A refund goes back to the card that was charged, usually within five working days. I can show what was charged (`Show my recent charges`) and refund it once you approve (`Refund charge ch_1043`).",
    },
  ],
  Technical: [
    {
      when: /\b(?:crash|error|exception|slow|bug|broken|fault|update)/i,
      text: "To find the cause I would look at three things:\n\n1. The **exact message** or what you see\n2. **Since when** it happens\n3. **What changed** just before\n\nAsk me `Is the service up?` to rule out this server first.",
    },
  ],
  Escalations: [
    {
      when: /./,
      text: "I take it from here, although this demo alerts nobody. Ask `How soon can I expect an answer?` for the sample targets.",
    },
  ],
  Travel: [
    {
      when: /\b(?:trip|travel|flight|hotel|holiday|visit)/i,
      text: "Tell me the place and the number of days, for example `Plan three days in Lisbon`, and I lay out the dates. I cannot book.",
    },
  ],
};

const quoted = (text: string) => `"${text.length > 100 ? `${text.slice(0, 100).trimEnd()}…` : text}"`;

/** An answer in the agent's role, with a word on what it has read when it was just handed the thread. */
export function roleAnswer(agent: string, { last, said, called }: Thread): string | undefined {
  const answer = answers[agent]?.find(({ when }) => when.test(last))?.text;
  if (!answer) return undefined;
  const arrived = called.some((name) => name.startsWith("transfer_to_"));
  const earlier = said.at(-2);
  const read = earlier
    ? `I have read the thread, also what you wrote before (${quoted(earlier)}).`
    : "I have read the thread.";
  return arrived || agent === "Escalations" ? `${agent} here. ${read} ${answer}` : answer;
}
