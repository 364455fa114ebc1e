"use client";

import Check from "lucide-react/icons/check";
import ChevronDown from "lucide-react/icons/chevron-down";
import type { RefObject } from "react";
import { Dot } from "#components/ui/dot.tsx";
import { Listbox } from "#components/ui/listbox.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { type AgentProfile, publicAgents } from "#lib/agents/directory.ts";
import { faceOf } from "./agents.ts";

interface AgentPickerProps {
  agent: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChoose: (agent: string) => void;
  /** Where the keyboard goes when the list closes. */
  writing: RefObject<HTMLTextAreaElement | null>;
}

/** Who answers next: a button in the agent's colour, and the list of all who could. */
export function AgentPicker({ agent, open, onOpenChange, onChoose, writing }: AgentPickerProps) {
  const { name, color } = faceOf(agent);
  return (
    <Popover
      open={open}
      onOpenChange={onOpenChange}
      side="top"
      aria-label="Choose an agent"
      className="w-[min(22rem,calc(100vw-1.5rem))]"
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        writing.current?.focus();
      }}
      trigger={
        <button
          type="button"
          aria-label={`Agent: ${name}`}
          aria-haspopup="listbox"
          className="target inline-flex min-w-0 items-center gap-2 rounded-full border border-line px-3 text-note font-medium transition-colors hover:bg-hover"
        >
          <Dot color={color} />
          <span className="truncate">{name}</span>
          <ChevronDown aria-hidden size={14} className="shrink-0 text-ink-3" />
        </button>
      }
    >
      <Listbox
        label="Agents"
        options={publicAgents.map((profile) => ({
          id: profile.id,
          label: profile.name,
          description: profile.description,
          content: <AgentRow profile={profile} chosen={profile.id === agent} />,
        }))}
        selected={agent}
        onChoose={(id) => {
          onChoose(id);
          onOpenChange(false);
        }}
      />
    </Popover>
  );
}

function AgentRow({ profile, chosen }: { profile: AgentProfile; chosen: boolean }) {
  return (
    <span className="grid grid-cols-[auto_1fr_auto] items-baseline gap-x-2.5">
      <Dot color={profile.color} />
      <span className="font-medium">{profile.name}</span>
      {chosen && <Check aria-hidden size={15} className="self-center text-ink-2" />}
      <span aria-hidden className="col-start-2 text-small text-ink-2">
        {profile.description}
      </span>
    </span>
  );
}
