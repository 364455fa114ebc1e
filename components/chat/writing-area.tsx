import { type ComponentProps, type KeyboardEvent, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { classes } from "#components/ui/classes.ts";

interface WritingAreaProps extends Omit<ComponentProps<"textarea">, "onChange" | "value"> {
  label: string;
  value: string;
  onChange: (text: string) => void;
  onEnter: () => void;
}

/** While an input method is composing, Enter chooses a word. Safari says so only by the key code. */
const composes = (event: KeyboardEvent) => event.nativeEvent.isComposing || event.keyCode === 229;

/** A textbox that grows with what is written, up to two fifths of the screen. Enter is for sending, Shift and Enter for a new line. */
export function WritingArea({
  label,
  value,
  onChange,
  onEnter,
  onKeyDown,
  className,
  autoFocus,
  ref,
  ...rest
}: WritingAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle<HTMLTextAreaElement | null, HTMLTextAreaElement | null>(ref, () => area.current);

  // For browsers without `field-sizing`.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the words.
  useLayoutEffect(() => {
    const box = area.current;
    if (!box || CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }, [value]);

  useLayoutEffect(() => {
    if (!autoFocus || !area.current) return;
    area.current.focus({ preventScroll: true });
    area.current.setSelectionRange(area.current.value.length, area.current.value.length);
  }, [autoFocus]);

  return (
    <textarea
      {...rest}
      ref={area}
      aria-label={label}
      dir="auto"
      rows={1}
      enterKeyHint="send"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (composes(event)) return;
        onKeyDown?.(event);
        if (event.defaultPrevented || event.key !== "Enter" || event.shiftKey) return;
        event.preventDefault();
        onEnter();
      }}
      className={classes(
        "block max-h-[40dvh] min-h-[1.6em] w-full resize-none overflow-y-auto bg-transparent text-[1rem] leading-[1.6] text-ink outline-none",
        "[field-sizing:content] placeholder:text-ink-3 sm:text-read",
        // With kerning, Chromium needs half a minute to break a pasted word of 100,000 letters.
        "[font-kerning:none]",
        className,
      )}
    />
  );
}
