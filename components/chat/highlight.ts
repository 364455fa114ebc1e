import type { CodeHighlighterPlugin, HighlightResult } from "@streamdown/code";
import { useEffect, useState } from "react";

type Lines = HighlightResult["tokens"];

let plugin: Promise<CodeHighlighterPlugin> | undefined;

function highlighter(): Promise<CodeHighlighterPlugin> {
  plugin ??= import("@streamdown/code").then(({ createCodePlugin }) =>
    createCodePlugin({ themes: ["github-light-high-contrast", "github-dark-high-contrast"] }),
  );
  return plugin;
}

/** The coloured lines of some code, or null until they are there: the highlighter comes with the first block. */
export function useHighlighting(code: string, language: string, incomplete: boolean): Lines | null {
  const [done, setDone] = useState<{ code: string; lines: Lines } | null>(null);

  useEffect(() => {
    // A block that is still being written is coloured once it is whole.
    if (incomplete || language === "" || code === "") return;
    let wanted = true;
    const show = (result: HighlightResult) => {
      if (wanted) setDone({ code, lines: result.tokens });
    };
    highlighter().then(
      (colours) => {
        const known = colours.getSupportedLanguages().find((each) => each === language.toLowerCase());
        if (!known) return;
        const result = colours.highlight({ code, language: known, themes: colours.getThemes() }, show);
        if (result) show(result);
      },
      () => {
        // Without the highlighter, which could not be fetched, the code stays plain; the next block asks again.
        plugin = undefined;
      },
    );
    return () => {
      wanted = false;
    };
  }, [code, language, incomplete]);

  return done?.code === code ? done.lines : null;
}
