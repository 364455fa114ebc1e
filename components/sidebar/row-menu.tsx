"use client";

import Archive from "lucide-react/icons/archive";
import ArchiveRestore from "lucide-react/icons/archive-restore";
import Ellipsis from "lucide-react/icons/ellipsis";
import FolderInput from "lucide-react/icons/folder-input";
import Pencil from "lucide-react/icons/pencil";
import Pin from "lucide-react/icons/pin";
import PinOff from "lucide-react/icons/pin-off";
import Trash from "lucide-react/icons/trash-2";
import { useRouter } from "next/navigation";
import { ExportMenu } from "#components/transfer/export-menu.tsx";
import { Dot } from "#components/ui/dot.tsx";
import { Menu, MenuItem, MenuLine, MenuMore } from "#components/ui/menu.tsx";
import type { ConversationRow } from "#lib/conversation-rows.ts";
import { useSidebar } from "./context.ts";
import { announceBeginning } from "./events.ts";

interface RowMenuProps {
  row: ConversationRow;
  current: boolean;
  onRename: () => void;
}

/** The button at the end of a row and what can be done from it. */
export function RowMenu(props: RowMenuProps) {
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`Options for ${props.row.title}`}
          className="absolute right-0 grid size-8 place-items-center rounded-control text-ink-3 opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 hover:text-ink focus-visible:opacity-100 focus-visible:-outline-offset-2 data-[state=open]:opacity-100 pointer-coarse:relative pointer-coarse:right-auto pointer-coarse:size-11 pointer-coarse:opacity-100"
        >
          <Ellipsis aria-hidden size={16} />
        </button>
      }
    >
      <Items {...props} />
    </Menu>
  );
}

function Items({ row, current, onRename }: RowMenuProps) {
  const { commands, namespaces } = useSidebar();
  const router = useRouter();
  const others = namespaces.filter(({ type }) => type !== row.namespace);

  function remove() {
    if (current) {
      announceBeginning();
      router.push("/");
    }
    void commands.remove(row, () => {
      if (current) router.push(`/c/${row.id}`);
    });
  }

  return (
    <>
      <MenuItem icon={<Pencil aria-hidden size={15} />} onSelect={onRename}>
        Rename
      </MenuItem>
      {!row.archived && (
        <MenuItem
          icon={row.pinned ? <PinOff aria-hidden size={15} /> : <Pin aria-hidden size={15} />}
          onSelect={() => void (row.pinned ? commands.unpin(row) : commands.pin(row))}
        >
          {row.pinned ? "Unpin" : "Pin"}
        </MenuItem>
      )}
      {others.length > 0 && (
        <MenuMore label="Move to namespace" icon={<FolderInput aria-hidden size={15} />}>
          {others.map(({ type, label, color }) => (
            <MenuItem key={type} icon={<Dot square color={color} />} onSelect={() => void commands.move(row, type)}>
              {label}
            </MenuItem>
          ))}
        </MenuMore>
      )}
      <MenuItem
        icon={row.archived ? <ArchiveRestore aria-hidden size={15} /> : <Archive aria-hidden size={15} />}
        onSelect={() => void (row.archived ? commands.unarchive(row) : commands.archive(row))}
      >
        {row.archived ? "Unarchive" : "Archive"}
      </MenuItem>
      <ExportMenu conversation={row.id} />
      <MenuLine />
      <MenuItem harm icon={<Trash aria-hidden size={15} />} onSelect={remove}>
        Delete
      </MenuItem>
    </>
  );
}
