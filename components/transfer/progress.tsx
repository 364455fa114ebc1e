import { useId } from "react";

/** What is going on, said once, and how far it is. */
export function Progress({ label, share }: { label: string; share: number }) {
  const id = useId();
  return (
    <div className="grid gap-2">
      <p id={id} role="status" className="text-ui wrap-anywhere">
        {label}
      </p>
      <progress
        aria-labelledby={id}
        value={Math.min(1, share)}
        max={1}
        className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-brand [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-brand"
      />
    </div>
  );
}
