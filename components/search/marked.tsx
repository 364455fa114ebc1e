import type { Stretch } from "#lib/search/snippet.ts";

/** Text with what was looked for marked in it. */
export function Marked({ stretches }: { stretches: readonly Stretch[] }) {
  return stretches.map(({ text, hit }, place) =>
    hit ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name, and never move.
      <mark key={place} className="rounded-[2px] bg-brand/18 px-px text-ink">
        {text}
      </mark>
    ) : (
      text
    ),
  );
}
