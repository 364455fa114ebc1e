import { type ReactNode, useId } from "react";

interface SectionProps {
  title: string;
  about: ReactNode;
  /** What a link leads to: /settings#ANCHOR. */
  anchor?: string;
  children: ReactNode;
}

/** One subject of the settings: what it is about on one side, its controls on the other. */
export function Section({ title, about, anchor, children }: SectionProps) {
  const id = useId();
  return (
    <section
      id={anchor}
      aria-labelledby={id}
      className="grid gap-4 border-t border-line py-8 first-of-type:border-t-0 first-of-type:pt-0 md:grid-cols-[15rem_1fr] md:gap-10"
    >
      <div>
        <h2 id={id} className="text-[1rem] font-semibold">
          {title}
        </h2>
        <p className="mt-1 text-note text-ink-2">{about}</p>
      </div>
      <div className="min-w-0 max-w-md">{children}</div>
    </section>
  );
}
