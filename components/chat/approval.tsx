"use client";

import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { colorOf } from "#components/ui/color.ts";
import type { Face } from "./agents.ts";
import type { Part } from "./pieces.ts";

interface ApprovalProps {
  part: Extract<Part, { type: "dynamic-tool" }>;
  agent: Face;
  /** The run has come to rest, so that it can be decided about. */
  ready: boolean;
  onDecide: (call: string, approved: boolean) => Promise<boolean>;
}

const shown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

const fieldsOf = (input: unknown): [string, unknown][] =>
  typeof input === "object" && input !== null ? Object.entries(input) : [["input", input]];

/** A tool call that is made only when the person says so. */
export default function Approval({ part, agent, ready, onDecide }: ApprovalProps) {
  const [sent, setSent] = useState(false);
  const color = colorOf(agent.color);

  async function decide(approved: boolean) {
    setSent(true);
    if (!(await onDecide(part.toolCallId, approved))) setSent(false);
  }

  // Until the page is alive a press would be lost.
  const [alive, setAlive] = useState(false);
  useEffect(() => setAlive(true), []);

  return (
    <fieldset
      aria-label={`Tool: ${part.toolName}`}
      className="my-1 min-w-0 rounded-card border px-3.5 py-3"
      style={{
        borderColor: `color-mix(in srgb, ${color} 40%, var(--line))`,
        background: `color-mix(in srgb, ${color} 6%, var(--raise))`,
      }}
    >
      <p className="text-ui font-semibold">
        {agent.name} wants to use{" "}
        <code className="font-mono text-[0.8125rem] font-medium wrap-anywhere">{part.toolName}</code>
      </p>
      <dl className="mt-1.5 mb-2.5 grid max-h-72 grid-cols-[auto_minmax(0,1fr)] gap-x-3.5 gap-y-0.5 overflow-y-auto text-note">
        {fieldsOf(part.input).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd dir="auto" className="wrap-anywhere whitespace-pre-wrap">
              {shown(value)}
            </dd>
          </div>
        ))}
      </dl>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" disabled={!ready || !alive} busy={sent} onClick={() => void decide(true)}>
          Approve
        </Button>
        <Button disabled={!ready || !alive} busy={sent} onClick={() => void decide(false)}>
          Reject
        </Button>
      </div>
    </fieldset>
  );
}
