import { type ComponentProps, useId } from "react";
import { Select } from "#components/ui/select.tsx";

/** A labelled select. */
export function Choice({ label, ...rest }: Omit<ComponentProps<typeof Select>, "id"> & { label: string }) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-note font-medium text-ink">
        {label}
      </label>
      <Select {...rest} id={id} />
    </div>
  );
}
