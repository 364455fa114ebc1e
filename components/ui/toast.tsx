"use client";

import X from "lucide-react/icons/x";
import { useEffect, useSyncExternalStore } from "react";
import { IconButton } from "./icon-button.tsx";

interface Toast {
  id: number;
  text: string;
  /** Something went wrong: read out at once. */
  alarming?: boolean;
  action?: { label: string; run: () => void };
}

let shown: readonly Toast[] = [];
let made = 0;
const watchers = new Set<() => void>();

function show(next: readonly Toast[]): void {
  shown = next;
  for (const changed of watchers) changed();
}

/** Says in passing what happened, with a way to take it back: `toast("Deleted 3 conversations.", { label: "Undo", run })`. */
export function toast(text: string, action?: Toast["action"]): void {
  made += 1;
  show([...shown.slice(-2), { id: made, text, action }]);
}

/** Says what went wrong and what to do. */
export function alarm(text: string): void {
  made += 1;
  show([...shown.slice(-2), { id: made, text, alarming: true }]);
}

const dismiss = (id: number) => show(shown.filter((each) => each.id !== id));

const none: readonly Toast[] = [];
const watch = (changed: () => void) => {
  watchers.add(changed);
  return () => watchers.delete(changed);
};

/** Where toasts appear. Stands once, in the root layout. */
export function Toasts() {
  const toasts = useSyncExternalStore(
    watch,
    () => shown,
    () => none,
  );
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-28 z-50 flex flex-col items-center gap-2 px-4"
    >
      {toasts.map((each) => (
        <ToastCard key={each.id} toast={each} />
      ))}
    </div>
  );
}

function ToastCard({ toast: { id, text, alarming, action } }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), action || alarming ? 10_000 : 5_000);
    return () => clearTimeout(timer);
  }, [id, action, alarming]);
  return (
    <div
      role={alarming ? "alert" : undefined}
      className="appear pointer-events-auto flex max-w-full items-center gap-2 rounded-card border border-line bg-ink py-1 pr-1 pl-4 text-ui text-paper shadow-float"
    >
      <span className="min-w-0 wrap-anywhere">{text}</span>
      {action && (
        <button
          type="button"
          className="target rounded-control px-2.5 font-medium underline underline-offset-4 hover:bg-paper/12 focus-visible:outline-paper"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton
        label="Dismiss"
        className="text-paper/75 hover:bg-paper/12 hover:text-paper focus-visible:outline-paper"
        onClick={() => dismiss(id)}
      >
        <X aria-hidden size={15} />
      </IconButton>
    </div>
  );
}
