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
