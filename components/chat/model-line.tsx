import Link from "next/link";

export interface ModelFace {
  label: string;
  demo: boolean;
}

/** Says when no real model answers. */
export function ModelLine({ model }: { model: ModelFace }) {
  if (!model.demo) return null;
  return (
    <p className="mx-auto mt-2 max-w-[744px] text-center text-small text-balance text-ink-3">
      Answers come from the built-in demo model.{" "}
      <Link
        href="/settings"
        className="font-medium text-ink-2 underline decoration-line-strong underline-offset-3 hover:text-ink"
      >
        Connect a real one
      </Link>
    </p>
  );
}
