import type { Metadata } from "next";
import { AgentCard } from "#components/pages/agent-card.tsx";
import { PageFrame } from "#components/pages/frame.tsx";
import { publicAgents } from "#lib/agents/directory.ts";
import { page } from "#lib/guard.ts";

export const metadata: Metadata = { title: "Agents" };

export default page(async () => (
  <PageFrame
    title="Agents"
    about="Who can answer. Begin with one of them, or switch at any point of a conversation: the next one sees all that was said before."
  >
    <ul className="grid gap-3 sm:grid-cols-2">
      {publicAgents.map((agent) => (
        <AgentCard key={agent.id} agent={agent} />
      ))}
    </ul>
  </PageFrame>
));
