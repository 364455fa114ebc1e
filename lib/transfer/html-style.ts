/** The look of an exported page, on a screen and on paper. */
export const htmlStyle = `
:root { color-scheme: light dark; --ink: #17211f; --ink-2: #5b6865; --line: #dfe6e3; --wash: #f4f7f6; --mark: #0f766e; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ecea; --ink-2: #9aa8a4; --line: #2b3634; --wash: #1b2523; --mark: #5eead4; --paper: #121918; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 2.5rem 1.25rem 4rem; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
.about { padding-bottom: 1.25rem; border-bottom: 1px solid var(--line); }
.about p, time, .note { color: var(--ink-2); font-size: 0.85rem; }
.about p { margin: 0.4rem 0 0; }
article { padding: 1.25rem 0; border-bottom: 1px solid var(--line); }
article > header { display: flex; gap: 0.75rem; align-items: baseline; }
article h2 { margin: 0; font-size: 1rem; }
article.agent h2 { color: var(--mark); }
article.system { color: var(--ink-2); }
.text > :first-child { margin-top: 0.5rem; }
.text > :last-child { margin-bottom: 0; }
.text h1, .text h2, .text h3, .text h4 { font-size: 1.05rem; color: inherit; margin: 1.2rem 0 0.4rem; }
pre { margin: 0.6rem 0; padding: 0.75rem 0.9rem; background: var(--wash); border-radius: 0.5rem; font: 0.85rem/1.5 ui-monospace, monospace; white-space: pre-wrap; }
code { font-family: ui-monospace, monospace; font-size: 0.9em; }
blockquote { margin: 0.6rem 0; padding-left: 0.9rem; border-left: 3px solid var(--line); color: var(--ink-2); }
table { border-collapse: collapse; margin: 0.6rem 0; }
th, td { padding: 0.3rem 0.7rem; border: 1px solid var(--line); text-align: start; vertical-align: top; }
a { color: var(--mark); }
img { max-width: 100%; height: auto; border-radius: 0.5rem; }
.step { margin: 0.6rem 0; padding: 0.4rem 0.8rem; border: 1px solid var(--line); border-radius: 0.5rem; font-size: 0.9rem; }
.step summary { cursor: pointer; color: var(--ink-2); }
@media print {
  :root { color-scheme: light; --ink: #000; --ink-2: #444; --line: #ccc; --wash: #f4f4f4; --mark: #000; --paper: #fff; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  article > header, .step summary { break-after: avoid; }
  tr, img, .note { break-inside: avoid; }
  pre { orphans: 4; widows: 4; }
  .step::details-content { content-visibility: visible; display: block; block-size: auto; }
}
`;
