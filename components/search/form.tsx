import Search from "lucide-react/icons/search";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { longestQuery } from "#lib/search/query.ts";

/** A plain form: it works before any script is there. */
export function SearchForm({ words }: { words: string }) {
  return (
    <search>
      <form action="/search" className="flex gap-2">
        <div className="relative min-w-0 flex-1">
          <Search aria-hidden size={15} className="absolute top-1/2 left-3 -translate-y-1/2 text-ink-3" />
          <Input
            key={words}
            type="search"
            name="q"
            aria-label="Words in titles and messages"
            defaultValue={words}
            maxLength={longestQuery}
            autoComplete="off"
            dir="auto"
            className="h-full pl-9"
          />
        </div>
        <Button type="submit">Search</Button>
      </form>
    </search>
  );
}
