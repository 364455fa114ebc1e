"use client";

import Ellipsis from "lucide-react/icons/ellipsis";
import Pencil from "lucide-react/icons/pencil";
import SquarePen from "lucide-react/icons/square-pen";
import Trash from "lucide-react/icons/trash-2";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Menu, MenuItem, MenuLine } from "#components/ui/menu.tsx";
import type { SidebarNamespace } from "#lib/sidebar.ts";
import { useSidebar } from "./context.ts";
import { NamespaceDialog } from "./namespace-dialog.tsx";
import { RemoveNamespace } from "./remove-namespace.tsx";

/** The button beside a namespace's name and what can be done from it. */
export function NamespaceMenu({ namespace }: { namespace: SidebarNamespace }) {
  const { namespaces } = useSidebar();
  const router = useRouter();
  const [dialog, setDialog] = useState<"edit" | "remove" | null>(null);
  const close = (open: boolean) => {
    if (!open) setDialog(null);
  };

  return (
    <>
      <Menu
        align="start"
        trigger={
          <button
            type="button"
            aria-label={`${namespace.label}: options`}
            className="absolute right-0 grid size-8 place-items-center rounded-control text-ink-3 opacity-0 group-focus-within/head:opacity-100 group-hover/head:opacity-100 hover:text-ink focus-visible:-outline-offset-2 data-[state=open]:opacity-100 pointer-coarse:relative pointer-coarse:right-auto pointer-coarse:size-11 pointer-coarse:opacity-100"
          >
            <Ellipsis aria-hidden size={16} />
          </button>
        }
      >
        <MenuItem
          icon={<SquarePen aria-hidden size={15} />}
          onSelect={() => router.push(`/?namespace=${encodeURIComponent(namespace.type)}`)}
        >
          New conversation here
        </MenuItem>
        <MenuItem icon={<Pencil aria-hidden size={15} />} onSelect={() => setDialog("edit")}>
          Edit namespace
        </MenuItem>
        {namespaces.length > 1 && (
          <>
            <MenuLine />
            <MenuItem harm icon={<Trash aria-hidden size={15} />} onSelect={() => setDialog("remove")}>
              Remove namespace
            </MenuItem>
          </>
        )}
      </Menu>
      {dialog === "edit" && <NamespaceDialog namespace={namespace} onOpenChange={close} />}
      {dialog === "remove" && <RemoveNamespace namespace={namespace} onOpenChange={close} />}
    </>
  );
}
