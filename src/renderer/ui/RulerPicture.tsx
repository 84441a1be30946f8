/** The empty ruler: nothing measured yet. */
export function RulerPicture() {
  return (
    <svg width="120" height="30" viewBox="0 0 120 30" aria-hidden="true">
      <rect x=".5" y=".5" width="119" height="12" rx="3" fill="none" stroke="var(--line-strong)" />
      <rect x="2" y="2" width="22" height="9" rx="1.5" fill="var(--accent-text)" opacity=".85" />
      <path d="M1 16v7M25 16v4M49 16v4M73 16v4M97 16v4M119 16v7" stroke="var(--ink-3)" />
    </svg>
  );
}
