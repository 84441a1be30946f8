/** Mark and name. */
export function Brand() {
  return (
    <div className="brand">
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        <rect x="1" y="1" width="16" height="16" rx="3.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <rect className="mk" x="4" y="8" width="6" height="6" rx="1" />
        <path d="M13.9 4.2v2M11.2 4.2v1.2M8.5 4.2v1.2M5.8 4.2v1.2" stroke="currentColor" strokeWidth="1.1" strokeLinecap="round" />
      </svg>
      Rightsize
    </div>
  );
}
