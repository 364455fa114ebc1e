const hints = [
  ["late delivery", "both words, or longer words that begin with them"],
  ["“late delivery”", "these words in this order"],
  ["namespace:support", "in one namespace"],
  ["agent:billing", "written by one agent"],
  ["after:2026-03 before:2026-04", "written since the beginning of a day, a month or a year, and until one begins"],
  ["is:archived", "archived conversations only"],
  ["has:code", "messages with a block of code"],
];

/** What can be typed. */
export function Hints() {
  return (
    <dl className="mt-8 grid gap-x-6 gap-y-2 text-ui sm:grid-cols-[auto_1fr]">
      {hints.map(([typed, meaning]) => (
        <div key={typed} className="contents">
          <dt className="font-mono text-note text-ink">{typed}</dt>
          <dd className="mb-2 text-ink-2 sm:mb-0">{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
