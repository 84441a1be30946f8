import type { ReactNode } from 'react';

interface SettingsGroupProps {
  readonly title: string;
  readonly children: ReactNode;
}

export function SettingsGroup({ title, children }: SettingsGroupProps) {
  return (
    <section className="settings-group">
      <h2 className="h2">{title}</h2>
      <div className="card">{children}</div>
    </section>
  );
}

interface SettingsRowProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** The control, at the right. */
  readonly children?: ReactNode;
}

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
