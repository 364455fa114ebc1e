"use client";

import ChevronRight from "lucide-react/icons/chevron-right";
import * as Radix from "radix-ui/dropdown-menu";
import type { ComponentProps, ReactNode } from "react";
import { classes } from "./classes.ts";

export const floatClasses = classes(
  "appear z-50 max-h-[min(36rem,var(--radix-popper-available-height))] overflow-y-auto rounded-card border border-line",
  "bg-raise p-1 text-ui text-ink shadow-float",
);

const rowClasses = classes(
  "target flex w-full cursor-pointer items-center gap-2.5 rounded-control px-2.5 py-1 outline-none select-none",
  "data-highlighted:bg-hover data-disabled:cursor-not-allowed data-disabled:opacity-50",
);

interface MenuProps {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "right" | "bottom" | "left";
  /** Names the menu for a screen reader; without it, the trigger's name is used. */
  label?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A menu that opens from a button. Not modal, so that the page behind it keeps its scrollbar. */
export function Menu({ trigger, children, align = "start", side, label, open, onOpenChange }: MenuProps) {
  return (
    <Radix.Root modal={false} open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          className={classes(floatClasses, "min-w-44")}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function MenuItem({
  icon,
  harm = false,
  className,
  children,
  ...rest
}: ComponentProps<typeof Radix.Item> & { icon?: ReactNode; harm?: boolean }) {
  return (
    <Radix.Item {...rest} className={classes(rowClasses, harm && "text-danger", className)}>
      {icon && <span className={harm ? "text-danger" : "text-ink-3"}>{icon}</span>}
      {children}
    </Radix.Item>
  );
}

/** One of several, marked by a tick: give `checked`. */
export function MenuChoice({ className, children, ...rest }: ComponentProps<typeof Radix.CheckboxItem>) {
  return (
    <Radix.CheckboxItem {...rest} className={classes(rowClasses, className)}>
      {children}
      <Radix.ItemIndicator className="ml-auto text-brand">✓</Radix.ItemIndicator>
    </Radix.CheckboxItem>
  );
}

/** A menu inside the menu. */
export function MenuMore({ label, icon, children }: { label: string; icon?: ReactNode; children: ReactNode }) {
  return (
    <Radix.Sub>
      <Radix.SubTrigger className={classes(rowClasses, "data-[state=open]:bg-hover")}>
        {icon && <span className="text-ink-3">{icon}</span>}
        {label}
        <ChevronRight aria-hidden size={15} className="ml-auto text-ink-3" />
      </Radix.SubTrigger>
      <Radix.Portal>
        <Radix.SubContent collisionPadding={8} className={classes(floatClasses, "min-w-40")}>
          {children}
        </Radix.SubContent>
      </Radix.Portal>
    </Radix.Sub>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2.5 pt-1.5 pb-1 text-small text-ink-3">{children}</Radix.Label>;
}

export function MenuLine() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}
