import { formatCount, formatTokensPerSecond, missing } from '#core/units.ts';
import type { LoadObservation } from '#shared/contract/fit.ts';
import type { Hardware } from '#shared/contract/system.ts';
import { gibibytesFine } from '../../fit/fitFigures.ts';
import { backendName } from '../../ui/machineWords.ts';
import { whenShort } from '../../ui/shortForms.ts';
import { useNow } from '../../ui/useNow.ts';
import { learnedWords } from './engineRows.ts';
import { errorWords, placementWords } from './loadWords.ts';
import { useRecentLoads } from './useRecentLoads.ts';

/** What the last loads took beside what was expected of them. Not there before the first load. */
export function RecentLoads({ hardware }: { readonly hardware: Hardware }) {
  const loads = useRecentLoads();
  const now = useNow();
  if (loads.length === 0) return null;
  return (
    <section className="card recent-loads" aria-label="Recent loads">
      <header>
        <h2 className="h3">Recent loads</h2>
        <span className="note ell">
          what was expected beside what the engine and the system then said; estimates learned from {learnedWords(hardware.calibration)}
        </span>
      </header>
      <div className="recent-scroll">
        <table className="tbl">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Loaded</th>
              <th scope="col" className="r">
                Estimated
              </th>
              <th scope="col" className="r">
                Measured
              </th>
              <th scope="col" className="r">
                Off by
              </th>
              <th scope="col" className="r">
                Speed
              </th>
            </tr>
          </thead>
          <tbody>
            {loads.map((load) => (
              <LoadRow key={load.id} load={load} now={now} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function LoadRow({ load, now }: { readonly load: LoadObservation; readonly now: number }) {
  const { estimated, measured, tokensPerSecond } = load;
  const expected = formatTokensPerSecond(tokensPerSecond.estimated, { kind: 'predicted' });
  return (
    <tr>
      <td className="ell" title={`${load.name}, ${placementWords(load)}`}>
        <span className="ink">{load.name}</span> <span className="note">{placementWords(load)}</span>
      </td>
      <td title={`${load.device ?? backendName(load.backend)}, ${formatCount(load.placement.contextTokens)} context`}>
        {whenShort(load.at, now)}
      </td>
      <td className="r">{gibibytesFine(estimated.totalBytes)}</td>
      <td className="r">{gibibytesFine(measured.totalBytes)}</td>
      <td className="r">{errorWords(load)}</td>
      <td className="r" title={tokensPerSecond.estimated === null ? undefined : `${expected} expected`}>
        {tokensPerSecond.measured === null ? missing : formatTokensPerSecond(tokensPerSecond.measured)}
      </td>
    </tr>
  );
}
