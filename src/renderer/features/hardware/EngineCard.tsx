import type { Hardware } from '#shared/contract/system.ts';
import { useSettings } from '../../stores/settings.ts';
import { engineRows } from './engineRows.ts';

/** What runs the models here, and how. */
export function EngineCard({ hardware }: { readonly hardware: Hardware }) {
  const settings = useSettings((state) => state.settings);
  return (
    <section className="card" aria-label="Engine">
      <header>
        <h2 className="h3">Engine</h2>
        <span className="note ell grow text-right" title={hardware.engine ?? undefined}>
          {hardware.engine?.split(',')[0] ?? 'not started yet'}
        </span>
      </header>
      <dl className="kv">
        {engineRows(hardware, settings).map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
