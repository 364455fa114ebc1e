/** Who is meant by a message. `plain` words are enough for Triage; other agents only hand over on the `strong` ones. */
const matters: readonly { agent: string; strong: RegExp; plain?: RegExp; about: string }[] = [
  {
    agent: "Billing",
    strong: /\b(?:charged?|charges|refund(?:s|ed)?|invoices?|overcharged|double charge)\b/i,
    plain: /\b(?:bill(?:ing|ed)?|pay(?:ment|ments|ing)?|paid|price|plan costs|subscription|card)\b/i,
    about: "a matter of money",
  },
  {
    agent: "Technical",
    strong: /\b(?:crash(?:es|ed|ing)?|stack trace|exception|outage)\b/i,
    plain: /\b(?:errors?|slow|bug|broken|freez(?:es|ing)|not working|does(?:n['’]t| not) work|code|server)\b/i,
    about: "a technical fault",
  },
  {
    agent: "Escalations",
    strong: /\b(?:manager|complaint|complain|supervisor|lawyer|escalate)\b/i,
    plain: /\b(?:unacceptable|furious|third time|nobody helps)\b/i,
    about: "something the second line should take over",
  },
  {
    agent: "Travel",
    strong: /\b(?:flights?|itinerary)\b/i,
    plain: /\b(?:trips?|travel|hotel|visit|holiday|vacation|weekend in)\b/i,
    about: "a trip",
  },
  {
    agent: "Shopping",
    strong: /\b(?:order status|where is my order|parcel)\b/i,
    plain: /\b(?:buy|orders?|products?|shop(?:ping)?|headphones|backpacks?|deliver(?:y|ed))\b/i,
    about: "something from the shop",
  },
  {
    agent: "Support",
    strong: /\bsupport\b/i,
    plain: /\b(?:help|how (?:do|can) I|cannot|can['’]t)\b/i,
    about: "a question of how",
  },
];

const agents = ["Assistant", "Triage", "Billing", "Technical", "Escalations", "Travel", "Shopping", "Support"];
const asked = /\b(?:talk|speak|switch|transfer|hand|put|connect|pass)\b[^.?!]*\b(?:to|over|through|with)\b[^.?!]*/i;

export interface HandOff {
  readonly tool: string;
  readonly to: string;
  readonly because: string;
}

/** The hand-off that a message calls for among those on offer. */
export function wantedHandOff(
  text: string,
  from: string,
  offered: readonly string[],
  called: readonly string[],
): HandOff | undefined {
  const toolFor = (agent: string) => offered.find((tool) => tool === `transfer_to_${agent}`);
  // One hand-off a turn, and one more where Triage was only on the way: agents never play ping-pong.
  const earlier = called.filter((name) => name.startsWith("transfer_to_"));
  if (earlier.length > (from === "Triage" ? 1 : 0)) return undefined;

  const wish = asked.exec(text)?.[0] ?? "";
  const named = agents.find((agent) => agent !== from && new RegExp(`\\b${agent}\\b`, "i").test(wish));
  const own = matters.find(({ agent }) => agent === from);
  if (!named && own && (own.strong.test(text) || own.plain?.test(text))) return undefined;

  const found = matters.find(
    ({ agent, strong, plain }) => agent !== from && (strong.test(text) || (from === "Triage" && plain?.test(text))),
  );
  const to = named ?? found?.agent;
  if (!to) return undefined;
  const because = named ? "as you asked" : (found?.about ?? "");
  const direct = toolFor(to);
  if (direct) return { tool: direct, to, because };
  const triage = toolFor("Triage");
  return triage && from !== "Triage" ? { tool: triage, to: "Triage", because } : undefined;
}
