import { Button } from "#components/ui/button.tsx";
import { colorOf } from "#components/ui/color.ts";
import { profileOf } from "#lib/agents/directory.ts";

/** What stands where the thread will be: who answers, and what could be said. */
export function Greeting({ agent, onSuggest }: { agent: string; onSuggest: (text: string) => void }) {
  const profile = profileOf(agent);
  if (!profile) return null;
  return (
    <div className="grid gap-6 py-8">
      <div className="grid gap-2">
        <span aria-hidden className="mb-1 block size-3.5 rounded-full" style={{ background: colorOf(profile.color) }} />
        <p className="text-[1.375rem] leading-snug font-semibold tracking-[-0.012em] text-balance">
          <span style={{ color: colorOf(profile.color) }}>{profile.name}</span> is on the line
        </p>
        <p className="text-read text-ink-2 text-pretty">{profile.greeting}</p>
      </div>
      <ul aria-label="Suggestions" className="grid gap-2">
        {profile.suggestions.map((suggestion) => (
          <li key={suggestion}>
            <Button
              className="h-auto! max-w-full py-2 text-left whitespace-normal!"
              onClick={() => onSuggest(suggestion)}
            >
              {suggestion}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
