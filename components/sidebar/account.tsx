"use client";

import Bot from "lucide-react/icons/bot";
import ChevronsUpDown from "lucide-react/icons/chevrons-up-down";
import LogIn from "lucide-react/icons/log-in";
import LogOut from "lucide-react/icons/log-out";
import Settings from "lucide-react/icons/settings";
import Shield from "lucide-react/icons/shield";
import Sun from "lucide-react/icons/sun-moon";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useSyncExternalStore } from "react";
import { Avatar } from "#components/ui/avatar.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuLine, MenuMore } from "#components/ui/menu.tsx";
import { applyTheme, currentTheme, type Theme } from "#components/ui/theme.ts";
import type { User } from "#lib/access.ts";
import { signOut } from "#lib/actions/accounts.ts";

const themes: { theme: Theme; label: string }[] = [
  { theme: "light", label: "Light" },
  { theme: "dark", label: "Dark" },
  { theme: "system", label: "As the system" },
];

const never = () => () => {};

/** Who is signed in, and the way to everything that is not a conversation. */
export function Account({ user }: { user: Pick<User, "name" | "role"> }) {
  const router = useRouter();
  const guest = user.role === "guest";
  const name = guest ? "Guest" : (user.name ?? "You");
  return (
    <div className="grid gap-2 border-t border-line px-2 py-2">
      {guest && (
        <Link href="/sign-up" className={buttonClasses("plain", "mx-1 mt-1")}>
          Create an account
        </Link>
      )}
      <Menu
        side="top"
        trigger={
          <button
            type="button"
            className="flex min-h-10 w-full items-center gap-2.5 rounded-control px-2 text-left text-ui font-medium hover:bg-hover focus-visible:-outline-offset-2 data-[state=open]:bg-hover pointer-coarse:min-h-11"
          >
            <Avatar name={name} />
            <span className="sr-only">Account:</span>
            <span dir="auto" className="min-w-0 flex-1 truncate text-start">
              {name}
            </span>
            <ChevronsUpDown aria-hidden size={15} className="shrink-0 text-ink-3" />
          </button>
        }
      >
        <MenuItem icon={<Settings aria-hidden size={15} />} onSelect={() => router.push("/settings")}>
          Settings
        </MenuItem>
        <MenuItem icon={<Bot aria-hidden size={15} />} onSelect={() => router.push("/agents")}>
          Agents
        </MenuItem>
        {user.role === "owner" && (
          <MenuItem icon={<Shield aria-hidden size={15} />} onSelect={() => router.push("/admin")}>
            Admin
          </MenuItem>
        )}
        <MenuMore label="Theme" icon={<Sun aria-hidden size={15} />}>
          <ThemeChoices />
        </MenuMore>
        <MenuLine />
        {guest ? (
          <MenuItem icon={<LogIn aria-hidden size={15} />} onSelect={() => router.push("/sign-in")}>
            Sign in
          </MenuItem>
        ) : (
          <MenuItem icon={<LogOut aria-hidden size={15} />} onSelect={() => void signOut()}>
            Sign out
          </MenuItem>
        )}
      </Menu>
    </div>
  );
}

function ThemeChoices() {
  const shown = useSyncExternalStore<Theme | null>(never, currentTheme, () => null);
  return themes.map(({ theme, label }) => (
    <MenuChoice key={theme} checked={theme === shown} onSelect={() => applyTheme(theme)}>
      {label}
    </MenuChoice>
  ));
}
