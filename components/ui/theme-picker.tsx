"use client";

import Monitor from "lucide-react/icons/monitor";
import Moon from "lucide-react/icons/moon";
import Sun from "lucide-react/icons/sun";
import { useSyncExternalStore } from "react";
import { classes } from "./classes.ts";
import { applyTheme, currentTheme, type Theme } from "./theme.ts";

const themes: { theme: Theme; label: string; Icon: typeof Sun }[] = [
  { theme: "light", label: "Light", Icon: Sun },
  { theme: "dark", label: "Dark", Icon: Moon },
  { theme: "system", label: "System", Icon: Monitor },
];

function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

/** Three radio buttons in one strip. */
export function ThemePicker() {
  const shown = useSyncExternalStore<Theme | null>(watchTheme, currentTheme, () => null);
  return (
    <fieldset className="inline-flex gap-1 rounded-card border border-line bg-panel p-1">
      <legend className="sr-only">Theme</legend>
      {themes.map(({ theme, label, Icon }) => (
        <label
          key={theme}
          className={classes(
            "target flex cursor-pointer items-center gap-2 rounded-control px-3 text-note font-medium text-ink-2",
            "has-focus-visible:outline-2 has-focus-visible:outline-brand has-checked:bg-raise has-checked:text-ink",
            "has-checked:shadow-[0_0_0_1px_var(--line-strong)]",
          )}
        >
          <input
            type="radio"
            name="theme"
            value={theme}
            checked={shown === theme}
            onChange={() => applyTheme(theme)}
            className="sr-only"
          />
          <Icon aria-hidden size={15} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
