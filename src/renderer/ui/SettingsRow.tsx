import type { ReactNode } from 'react';

interface SettingsRowProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** The control, at the right. */
  readonly children?: ReactNode;
}

/** One thing that can be set: what it is called, what it means, its control. */
export function SettingsRow({ label, hint, children }: SettingsRowProps) {
  return (
    <div className="settings-row">
      <div className="grow">
        <div className="ink sm">{label}</div>
        {hint === undefined ? null : <div className="note">{hint}</div>}
      </div>
      {children}
    </div>
  );
}
