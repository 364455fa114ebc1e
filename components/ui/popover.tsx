"use client";

import * as Radix from "radix-ui/popover";
import type { ComponentProps, ReactNode } from "react";
import { classes } from "./classes.ts";
import { floatClasses } from "./menu.tsx";

interface PopoverProps extends Omit<ComponentProps<typeof Radix.Content>, "children"> {
  trigger: ReactNode;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A small panel beside the button that opens it. */
export function Popover({ trigger, children, open, onOpenChange, className, ...rest }: PopoverProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          {...rest}
          className={classes(floatClasses, className)}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const PopoverClose = Radix.Close;
