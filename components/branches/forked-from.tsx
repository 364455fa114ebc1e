import Link from "next/link";
import type { Kinship } from "#lib/forks.ts";

/** Where the conversation came from; on narrow screens the menu beside it says so. */
export function ForkedFrom({ from }: { from: Kinship["from"] }) {
  if (!from) return null;
  return (
    <Link
      href={`/c/${from.id}`}
      prefetch={false}
      dir="auto"
      className="min-w-0 shrink-[2] truncate text-small text-ink-2 underline decoration-line-strong underline-offset-4 hover:text-ink max-md:hidden"
    >
      Forked from {from.title}
    </Link>
  );
}
