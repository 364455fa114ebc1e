/** Which tool fits a message, tried in this order among those that the agent has. */
export interface Call {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

type Rule = (text: string) => Call | undefined;

const rules: readonly Rule[] = [
  (text) => {
    const share = /(\d[\d.,]*)\s*(?:%|percent)\s+of\s+(\d[\d.,]*\d|\d)/i.exec(text);
    if (share) return call("calculate", { expression: `${plain(share[2])} * ${plain(share[1])} / 100` });
    const expression = /(?:^|[\s:])((?:[-(]\s*)*\d[\d\s.,()+*/^×÷−-]*[+*/^×÷−-][\d\s.,()+*/^×÷−-]*[\d)])/.exec(
      text,
    )?.[1];
    // A date or a telephone number is not a sum.
    if (!expression || /^\d{4}-\d{2}-\d{2}$|^[\d-]{9,}$/.test(expression.trim())) return undefined;
    return call("calculate", { expression: expression.trim() });
  },
  (text) => {
    const money = /(\d[\d.,]*)\s*(\p{L}{3}|€|\$|£)\s+(?:in|to|into)\s+(\p{L}{3}\b|€|\$|£)/iu.exec(text);
    if (!money) return undefined;
    return call("convert_currency", {
      amount: Number(plain(money[1])),
      from: currency(money[2]),
      to: currency(money[3]),
    });
  },
  (text) => {
    if (!/\b(?:what(?:['’]s| is)? (?:the )?(?:time|date|day)|time is it|current time|today['’]?s date)\b/i.test(text)) {
      return undefined;
    }
    return call("current_time", { timeZone: zoneOf(/\bin ([\p{L} ]+?)(?: right| now|[?.!]|$)/iu.exec(text)?.[1]) });
  },
  (text) => {
    if (!/\b(?:refund|pay back|money back)\b/i.test(text) || /\bhow\b/i.test(text)) return undefined;
    const charge = /\b(?:ch_)?(\d{3,6})\b/i.exec(text)?.[1];
    return charge ? call("issue_refund", { charge: `ch_${charge}`, reason: "asked for by the customer" }) : undefined;
  },
  (text) => {
    if (!/\b(?:charge[ds]?|invoices?|payments?|paid)\b/i.test(text)) return undefined;
    return call("list_charges", { days: null });
  },
  (text) => {
    if (!/\b(?:orders?|deliver(?:y|ed)|parcel|package|shipping)\b/i.test(text)) return undefined;
    return call("order_status", { order: /\b[A-Z]-\d{3,6}\b/i.exec(text)?.[0].toUpperCase() ?? null });
  },
  (text) => {
    const product = /\b(headphones?|earbuds?|backpacks?|bags?|keyboards?|lamps?|mugs?)\b/i.exec(text)?.[1];
    if (!product && !/\b(?:buy|shop|catalogue|catalog|products?)\b/i.test(text)) return undefined;
    const limit = /\b(?:under|below|less than|at most|up to)\s*[€$£]?\s*(\d[\d.,]*)/i.exec(text)?.[1];
    return call("search_catalogue", { query: product ?? "", maximumPrice: limit ? Number(plain(limit)) : null });
  },
  (text) => {
    const days = /\b(weekend|week|(?:\d{1,2}|one|two|three|four|five|six|seven)(?=[\s-]+days?\b)|day)\b/i.exec(
      text,
    )?.[1];
    const place = /\b(?:in|to|for|around)\s+(\p{Lu}[\p{L}'-]+(?:\s\p{Lu}[\p{L}'-]+)?)/u.exec(text)?.[1];
    if (!place || !/\b(?:plan|trip|travel|visit|weekend|days?|holiday|itinerary)\b/i.test(text)) return undefined;
    return call("plan_days", { place, days: dayCount(days), start: null });
  },
  (text) => {
    const code = /\b([1-5]\d\d)\b/.exec(text)?.[1];
    if (!code || !/\b(?:http|status|code|response|error|mean)/i.test(text)) return undefined;
    return call("look_up_status_code", { code: Number(code) });
  },
  (text) =>
    /\b(?:status|up|down|outage|slow|available|reachable|load)\b/i.test(text) ? call("check_status", {}) : undefined,
  (text) =>
    /\b(?:how soon|how long|when (?:will|can)|deadline|response time|complain|complaint)\b/i.test(text)
      ? call("response_targets", { priority: /urgent|now|immediately/i.test(text) ? "urgent" : "high" })
      : undefined,
  (text) =>
    /\b(?:how (?:do|can|to)|where (?:is|do|can)|cannot|can['’]t|find|export|branch|switch|help with)\b/i.test(text)
      ? call("search_help", { query: text.slice(0, 200) })
      : undefined,
];

export function wantedCall(text: string, tools: readonly string[]): Call | undefined {
  for (const rule of rules) {
    const wanted = rule(text);
    if (wanted && tools.includes(wanted.name)) return wanted;
  }
  return undefined;
}

const call = (name: string, args: Record<string, unknown>): Call => ({ name, arguments: args });

const plain = (number = "0") => number.replace(/,(?=\d{3})/g, "").replace(/[.,]$/, "");

const currency = (written = "") => ({ "€": "EUR", $: "USD", "£": "GBP" })[written] ?? written.toUpperCase();

const words = ["one", "two", "three", "four", "five", "six", "seven"];

function dayCount(written = "three"): number {
  const word = written.toLowerCase();
  if (word === "weekend") return 2;
  if (word === "week") return 7;
  if (word === "day") return 1;
  const digits = Number(word);
  return Math.min(30, Number.isInteger(digits) && digits > 0 ? digits : Math.max(1, words.indexOf(word) + 1));
}

function zoneOf(place: string | undefined): string | null {
  if (!place) return null;
  const name = place.trim().replaceAll(" ", "_").toLowerCase();
  return Intl.supportedValuesOf("timeZone").find((zone) => zone.toLowerCase().split("/").at(-1) === name) ?? null;
}
