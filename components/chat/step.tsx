import ChevronRight from "lucide-react/icons/chevron-right";
import type { ReactNode } from "react";
import type { Part } from "./pieces.ts";

type ToolPart = Extract<Part, { type: "dynamic-tool" }>;

const summaryClasses =
  "-ml-1 inline-flex min-h-8 max-w-full cursor-pointer list-none items-center gap-2 rounded-control pr-2 pl-1 text-note text-ink-2 select-none hover:text-ink [&::-webkit-details-marker]:hidden pointer-coarse:relative pointer-coarse:after:absolute pointer-coarse:after:-inset-y-1.5 pointer-coarse:after:inset-x-0";

function Arrow() {
  return (
    <ChevronRight
      aria-hidden
      size={14}
      strokeWidth={2.2}
      className="shrink-0 text-ink-3 transition-transform group-open/step:rotate-90"
    />
  );
}

const states: Partial<Record<ToolPart["state"], string>> = {
  "input-streaming": "Preparing",
  "input-available": "Using",
  "output-available": "Used",
  "output-error": "Did not finish",
  "output-denied": "Rejected",
};

function stateOf(part: ToolPart): string {
  if (part.state === "approval-responded") return part.approval.approved ? "Approved" : "Rejected";
  return states[part.state] ?? "Used";
}

/** A tool call: one grey line, and all that went in and came out when it is opened. */
export function Step({ part }: { part: ToolPart }) {
  return (
    <details aria-label={`Tool: ${part.toolName}`} className="group/step my-1">
      <summary className={summaryClasses}>
        <Arrow />
        <span className="shrink-0">{stateOf(part)}</span>
        <code className="truncate font-mono text-[0.8125rem] text-ink">{part.toolName}</code>
        <Duration part={part} />
      </summary>
      <div className="mt-1 mb-2 ml-5 grid gap-2 border-l border-line pl-3">
        <Content label="Sent" value={part.input} />
        {part.state === "output-available" && <Content label="Came back" value={part.output} />}
        {part.state === "output-error" && <Content label="Went wrong" value={part.errorText} />}
      </div>
    </details>
  );
}

function Duration({ part }: { part: ToolPart }) {
  if (part.state === "input-available" || part.state === "input-streaming") {
    return <span aria-hidden className="size-2 shrink-0 rounded-full bg-ink-3 motion-safe:animate-pulse" />;
  }
  return null;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

function Content({ label, value }: { label: string; value: unknown }) {
  if (isEmpty(value)) return null;
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return (
    <div className="min-w-0">
      <div className="text-small text-ink-3">{label}</div>
      <pre className="max-h-72 overflow-auto font-mono text-[0.8125rem] leading-normal wrap-anywhere whitespace-pre-wrap text-ink-2">
        {text}
      </pre>
    </div>
  );
}

/** What a model let show of its thinking. */
export function Thought({ text, live }: { text: string; live: boolean }) {
  return (
    <Quiet label={live ? "Thinking" : "Thoughts"}>
      <p dir="auto" className="text-note wrap-anywhere whitespace-pre-wrap text-ink-2">
        {text}
      </p>
    </Quiet>
  );
}

function Quiet({ label, children }: { label: string; children: ReactNode }) {
  return (
    <details aria-label={label} className="group/step my-1">
      <summary className={summaryClasses}>
        <Arrow />
        {label}
      </summary>
      <div className="mt-1 mb-2 ml-5 border-l border-line pl-3">{children}</div>
    </details>
  );
}
