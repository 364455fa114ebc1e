import { faceOf } from "#components/chat/agents.ts";
import { colorOf } from "#components/ui/color.ts";

/** Who wrote a message: the person, or an agent in its colour. */
export function Writer({ agent }: { agent: string | null }) {
  if (agent === null) return <span className="font-medium text-ink-2">You</span>;
  const { name, color } = faceOf(agent);
  return (
    <span className="font-medium" style={{ color: colorOf(color) }}>
      {name}
    </span>
  );
}
