import Link from "next/link";
import { buttonClasses } from "#components/ui/button.tsx";
import { colorOf } from "#components/ui/color.ts";
import { type AgentProfile, profileOf } from "#lib/agents/directory.ts";

/** One agent: what it is for, whom it puts people through to, and the way to begin with it. */
export function AgentCard({ agent }: { agent: AgentProfile }) {
  const { id, name, description, color, handoffs } = agent;
  const others = handoffs.flatMap((other) => profileOf(other)?.name ?? []);
  return (
    <li className="flex flex-col rounded-card border border-line bg-raise p-4">
      <h2 className="flex items-center gap-2.5 text-[1rem] font-semibold">
        <Jack color={color} />
        {name}
      </h2>
      <p className="mt-1.5 text-ui text-ink-2">{description}</p>
      <p className="mt-2 mb-4 text-small text-ink-3">
        {others.length === 0 ? "Puts you through to nobody." : `Can put you through to ${sentence(others)}.`}
      </p>
      <Link
        href={`/?agent=${id}`}
        prefetch={false}
        aria-label={`Start a conversation with ${name}`}
        className={buttonClasses("plain", "mt-auto self-start")}
      >
        Start a conversation
      </Link>
    </li>
  );
}

/** Where an agent's cord is plugged in. */
function Jack({ color }: { color: string }) {
  return (
    <span
      aria-hidden
      style={{ borderColor: colorOf(color) }}
      className="grid size-4.5 shrink-0 place-items-center rounded-full border-2"
    >
      <span style={{ background: colorOf(color) }} className="size-1.5 rounded-full" />
    </span>
  );
}

const sentence = (names: string[]) => new Intl.ListFormat("en", { type: "disjunction" }).format(names);
