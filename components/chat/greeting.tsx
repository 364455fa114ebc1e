import { Button } from "#components/ui/button.tsx";
import { colorOf } from "#components/ui/color.ts";
import { profileOf } from "#lib/agents/directory.ts";
import { Cord, entryClasses } from "./cord.tsx";

/** What stands where the thread will be: an open line, who is on it, and what could be said. */
export function Greeting({ agent, onSuggest }: { agent: string; onSuggest: (text: string) => void }) {
  const profile = profileOf(agent);
  if (!profile) return null;
  return (
    <div className={`${entryClasses} grid gap-5 pb-6`}>
      <Cord above={null} below={profile.color} jack="agent" />
      <div className="grid gap-1.5">
        <p className="text-[1.25rem] leading-5 font-semibold tracking-[-0.012em]">
          <span style={{ color: colorOf(profile.color) }}>{profile.name}</span> is on the line
        </p>
        <p className="text-read text-pretty text-ink-2">{profile.greeting}</p>
      </div>
      <ul aria-label="Suggestions" className="grid gap-2">
        {profile.suggestions.map((suggestion) => (
          <li key={suggestion}>
            <Button
              className="h-auto! max-w-full rounded-card! border-line! py-2 text-left font-normal! whitespace-normal! text-ink-2! hover:text-ink!"
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
