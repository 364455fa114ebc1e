/** Two jacks and the cord between them. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 26 26" fill="none">
      <rect width="26" height="26" rx="8" fill="var(--brand)" />
      <circle cx="8" cy="8" r="2.6" fill="var(--brand-ink)" />
      <circle cx="18" cy="18" r="2.6" fill="var(--brand-ink)" />
      <path d="M8 8c0 8 10 2 10 10" stroke="var(--brand-ink)" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
