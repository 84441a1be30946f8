import type { ModelResult } from '#shared/contract/benchmarkResults.ts';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import { outcomeWords } from './ScenarioList.tsx';
import { firstToRead, isOpen, outcomeOf, type Scenario } from './scenarios.ts';

interface AllModelsTableProps {
  readonly scenario: Scenario;
  readonly models: readonly ModelResult[];
  readonly modelId: string;
  readonly onModel: (modelId: string) => void;
}

/** How every model did on this scenario; a name opens its transcript. */
export function AllModelsTable({ scenario, models, modelId, onModel }: AllModelsTableProps) {
  return (
    <>
      <h3 className="tl">All models on this scenario</h3>
      <table className="tbl am">
        <tbody>
          {models.map((model) => {
            const samples = scenario.byModel.get(model.modelId) ?? [];
            return (
              <tr key={model.modelId} className={model.modelId === modelId ? 'sel' : undefined}>
                <td>
                  <button
                    type="button"
                    className="link"
                    aria-current={model.modelId === modelId ? 'true' : undefined}
                    onClick={() => onModel(model.modelId)}
                  >
                    <span className="ink">{model.name}</span> <span className="mono">{model.quant}</span>
                  </button>
                </td>
                <td>{countsByTemperature(samples)}</td>
                <td className="why" title={reasonOf(samples)}>
                  {samples.some((sample) => sample.overrule != null) ? (
                    <span className="ink3">by your word</span>
                  ) : outcomeOf(samples) === 'pass' ? (
                    <span className="ink3">as expected</span>
                  ) : (
                    reasonOf(samples)
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

/** "T 0 1 of 1, T 0.7 2 of 3" */
function countsByTemperature(samples: readonly Sample[]): string {
  const counts = new Map<number, { passed: number; asked: number }>();
  for (const sample of samples) {
    if (sample.state === 'skipped' || isOpen(sample)) continue;
    const count = counts.get(sample.temperature) ?? { passed: 0, asked: 0 };
    counts.set(sample.temperature, { passed: count.passed + (sample.state === 'passed' ? 1 : 0), asked: count.asked + 1 });
  }
  if (counts.size === 0) return samples.length === 0 ? '–' : outcomeWords[outcomeOf(samples)];
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([temperature, count]) => `T ${temperature}: ${count.passed} of ${count.asked}`)
    .join(', ');
}

function reasonOf(samples: readonly Sample[]): string {
  const sample = firstToRead(samples);
  if (sample === undefined) return 'not asked';
  return sample.error?.message ?? sample.grade?.reason ?? '–';
}
