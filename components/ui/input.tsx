import { type ComponentProps, type ReactNode, useId } from "react";
import { classes } from "./classes.ts";

export const inputClasses = classes(
  "target w-full rounded-control border border-line-strong bg-raise px-3 py-1.5 text-[1rem] text-ink sm:text-ui",
  "placeholder:text-ink-3 aria-invalid:border-danger disabled:opacity-60",
  "focus-visible:border-brand focus-visible:outline-offset-0",
);

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={classes(inputClasses, className)} />;
}

/** A label, an input, a hint, and what is wrong with it. */
export function Field({
  label,
  hint,
  error,
  id,
  ...rest
}: ComponentProps<"input"> & { label: string; hint?: ReactNode; error?: string | null }) {
  const made = useId();
  const input = id ?? made;
  const described = [hint && `${input}-hint`, error && `${input}-error`].filter(Boolean).join(" ");
  return (
    <div className="grid gap-1.5">
      <label htmlFor={input} className="text-note font-medium text-ink">
        {label}
      </label>
      <Input {...rest} id={input} aria-invalid={error ? true : undefined} aria-describedby={described || undefined} />
      {hint && (
        <p id={`${input}-hint`} className="text-small text-ink-3">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${input}-error`} className="text-small text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
