import Link from "next/link";
import type { ReactNode } from "react";
import { Logo } from "#components/ui/logo.tsx";

/** The frame of the pages on which nobody is signed in yet. */
export function Entry({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 py-10 sm:justify-center sm:py-16">
      <div className="w-full max-w-96">
        <p className="mb-7 flex items-center gap-2.5 text-[1rem] font-semibold tracking-tight">
          <Logo size={30} />
          Switchboard
        </p>
        <div className="rounded-bubble border border-line bg-raise p-6 sm:p-8">
          <h1 className="text-[1.375rem] leading-tight font-semibold tracking-tight">{title}</h1>
          <p className="mt-1.5 mb-6 text-ink-2">{lead}</p>
          {children}
        </div>
      </div>
    </main>
  );
}

/** "or", between two ways in. */
export function Or() {
  return (
    <p className="my-5 flex items-center gap-3 text-small text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      or
    </p>
  );
}

/** The way to the other page, which leads to the same place afterwards. */
export function OtherWay({ question, href, next, label }: Record<"question" | "href" | "next" | "label", string>) {
  return (
    <p className="mt-6 text-center text-note text-ink-2">
      {question}{" "}
      <Link
        href={next === "/" ? href : `${href}?next=${encodeURIComponent(next)}`}
        className="inline-block py-1 font-medium text-brand underline underline-offset-3"
      >
        {label}
      </Link>
    </p>
  );
}
