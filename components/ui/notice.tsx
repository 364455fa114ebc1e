import type { ReactNode } from "react";
import { buttonClasses } from "./button.tsx";
import { Logo } from "./logo.tsx";

/** A page that has only one thing to say. */
export function Notice({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <main className="grid min-h-[70dvh] flex-1 place-items-center p-6">
      <div className="grid max-w-md justify-items-start gap-3">
        <Logo size={32} />
        <h1 className="mt-2 text-[1.25rem] font-semibold tracking-[-0.01em]">{title}</h1>
        <p className="text-read text-ink-2 text-pretty">{children}</p>
        <div className="mt-2 flex flex-wrap gap-2">
          {action}
          {/* A whole load: what is broken here stays behind, and no page has to bring the router's link along for it. */}
          <a href="/" className={buttonClasses("plain")}>
            Start a new conversation
          </a>
        </div>
      </div>
    </main>
  );
}
