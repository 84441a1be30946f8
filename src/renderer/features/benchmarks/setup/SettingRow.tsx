import type { ReactNode } from 'react';

interface SettingRowProps {
  readonly label: string;
  readonly note?: string | undefined;
  readonly children: ReactNode;
}

/** One setting: its name and what it means at the left, its control at the right. */
export function SettingRow({ label, note, children }: SettingRowProps) {
  return (
    <li>
      <span className="label">
        {label}
        {note === undefined ? null : <small>{note}</small>}
      </span>
      {children}
    </li>
  );
}
