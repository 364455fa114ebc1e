"use client";

import * as Radix from "radix-ui/alert-dialog";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { DialogActions, dialogClasses, overlayClasses } from "./dialog.tsx";

interface AlertDialogProps {
  title: string;
  description: ReactNode;
  /** What will happen, as the button says it: "Delete 3 conversations". */
  confirm: string;
  onConfirm: () => void;
  harm?: boolean;
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A question before something that is hard to take back. */
export function AlertDialog(props: AlertDialogProps) {
  return (
    <Radix.Root open={props.open} onOpenChange={props.onOpenChange}>
      {props.trigger && <Radix.Trigger asChild>{props.trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Overlay className={overlayClasses} />
        <Radix.Content className={dialogClasses}>
          <Radix.Title className="text-[1rem] font-semibold">{props.title}</Radix.Title>
          <Radix.Description className="mt-1.5 text-ui text-ink-2">{props.description}</Radix.Description>
          <DialogActions>
            <Radix.Cancel asChild>
              <Button>Cancel</Button>
            </Radix.Cancel>
            <Radix.Action asChild>
              <Button look={props.harm ? "danger" : "primary"} onClick={props.onConfirm}>
                {props.confirm}
              </Button>
            </Radix.Action>
          </DialogActions>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
