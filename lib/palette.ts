/** The colours that a namespace can have: names of the interface's palette, and what people call them. */
export const namespaceColors = [
  { color: "assistant", label: "Teal" },
  { color: "travel", label: "Cyan" },
  { color: "support", label: "Blue" },
  { color: "technical", label: "Indigo" },
  { color: "shopping", label: "Purple" },
  { color: "escalations", label: "Red" },
  { color: "billing", label: "Amber" },
  { color: "triage", label: "Grey" },
] as const;

export type NamespaceColor = (typeof namespaceColors)[number]["color"];
