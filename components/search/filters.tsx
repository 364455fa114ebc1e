"use client";

import { useRouter } from "next/navigation";
import { useOptimistic, useTransition } from "react";
import { Select } from "#components/ui/select.tsx";
import { type FilterKey, filterIn, withFilter } from "#lib/search/query.ts";
import { searchAddress } from "./address.ts";

export interface Choice {
  value: string;
  label: string;
}

interface FiltersProps {
  words: string;
  namespaces: Choice[];
  agents: Choice[];
  /** Messages are not looked through, and so there is nothing to ask of them. */
  titlesOnly: boolean;
}

/** The filters that can be typed, to be picked: each pick stands in the words that are looked for. */
export function Filters({ words: found, namespaces, agents, titlesOnly }: FiltersProps) {
  const router = useRouter();
  const [busy, startTransition] = useTransition();
  const [words, setWords] = useOptimistic(found);
  const pick = (key: FilterKey, value: string) =>
    startTransition(() => {
      const picked = withFilter(words, key, value || null);
      setWords(picked);
      router.push(searchAddress(picked));
    });
  return (
    <fieldset
      aria-label="Filters"
      aria-busy={busy}
      className="mt-3 flex flex-wrap items-center gap-x-1.5 gap-y-2 text-note"
    >
      <Pick label="Namespace" all="All namespaces" choices={namespaces} words={words} name="namespace" onPick={pick} />
      {!titlesOnly && <Pick label="Agent" all="Anybody" choices={agents} words={words} name="agent" onPick={pick} />}
      <Day label="From" name="after" words={words} onPick={pick} />
      <Day label="Before" name="before" words={words} onPick={pick} />
      <Tick label="Archived" name="is" value="archived" words={words} onPick={pick} />
      {!titlesOnly && <Tick label="Code" name="has" value="code" words={words} onPick={pick} />}
    </fieldset>
  );
}

interface PartProps {
  label: string;
  name: FilterKey;
  words: string;
  onPick: (name: FilterKey, value: string) => void;
}

function Pick({ label, name, words, all, choices, onPick }: PartProps & { all: string; choices: Choice[] }) {
  const typed = filterIn(words, name)?.toLocaleLowerCase();
  const chosen = choices.find(
    ({ value, label: shown }) => value.toLocaleLowerCase() === typed || shown.toLocaleLowerCase() === typed,
  );
  return (
    <Select
      look="pill"
      aria-label={label}
      value={chosen?.value ?? (typed ? "other" : "")}
      onChange={(event) => onPick(name, event.target.value)}
    >
      <option value="">{all}</option>
      {typed && !chosen && (
        <option value="other" disabled>
          {filterIn(words, name)}
        </option>
      )}
      {choices.map(({ value, label: shown }) => (
        <option key={value} value={value}>
          {shown}
        </option>
      ))}
    </Select>
  );
}

/** While a year is being typed, its first digits are a year too: those are passed over. */
function Day({ label, name, words, onPick }: PartProps) {
  const typed = filterIn(words, name) ?? "";
  return (
    <label className="ml-1 flex items-center gap-1.5 text-ink-2">
      {label}
      <input
        type="date"
        key={typed}
        defaultValue={/^\d{4}-\d\d-\d\d$/.test(typed) ? typed : ""}
        onChange={(event) => {
          const day = event.target.value;
          if (day !== typed && (day === "" || day >= "1970")) onPick(name, day);
        }}
        className="target w-34 rounded-full border border-line bg-raise px-2.5 py-1 text-note text-ink"
      />
    </label>
  );
}

function Tick({ label, name, value, words, onPick }: PartProps & { value: string }) {
  return (
    <label className="target flex items-center gap-1.5 rounded-full border border-line bg-raise px-2.5 text-ink-2 hover:bg-hover">
      <input
        type="checkbox"
        checked={filterIn(words, name)?.toLocaleLowerCase() === value}
        onChange={(event) => onPick(name, event.target.checked ? value : "")}
        className="accent-brand"
      />
      {label}
    </label>
  );
}
