import { colorOf } from "#components/ui/color.ts";

/** The next word is on its way. */
export function Caret({ color }: { color: string }) {
  return (
    <span
      aria-hidden
      className="my-1 block h-[17px] w-2 rounded-[2px] motion-safe:animate-[caret_1.1s_steps(2)_infinite]"
      style={{ background: colorOf(color) }}
    />
  );
}
