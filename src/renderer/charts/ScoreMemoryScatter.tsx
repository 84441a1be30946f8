import { Chart, type ChartConfiguration, LinearScale, PointElement, ScatterController, Tooltip } from 'chart.js';
import { useMemo } from 'react';
import { ChartCanvas } from './ChartCanvas.tsx';
import { niceTicks, tickText } from './scales.ts';
import { type ScatterPoint, type ScoredModel, scorePlugin } from './scorePlugin.ts';
import { useChartTheme } from './theme.ts';

Chart.register(ScatterController, PointElement, LinearScale, Tooltip);

interface ScoreMemoryScatterProps {
  readonly models: readonly ScoredModel[];
  readonly bar: number;
  /** What the x axis counts, without its unit. */
  readonly memoryTitle: string;
  readonly label: string;
  readonly height: number;
}

const gib = 1024 ** 3;
const mib = 1024 ** 2;

/** Score over memory: bubbles as large as the model is fast, whiskers for the 95% interval, the bar, the best for each size. */
export function ScoreMemoryScatter({ models, bar, memoryTitle, label, height }: ScoreMemoryScatterProps) {
  const theme = useChartTheme();
  const config = useMemo<ChartConfiguration<'scatter', ScatterPoint[]>>(() => {
    const largest = Math.max(...models.map((model) => model.memoryBytes));
    const unit = largest >= 0.5 * gib ? { bytes: gib, name: 'GiB' } : { bytes: mib, name: 'MiB' };
    const fastest = Math.max(1, ...models.map((model) => model.tokensPerSecond ?? 0));
    const points = models.map(
      (model): ScatterPoint => ({
        ...model,
        x: model.memoryBytes / unit.bytes,
        y: model.passRate * 100,
        radius: model.tokensPerSecond === null ? 6 : Math.max(5, 14 * Math.sqrt(model.tokensPerSecond / fastest)),
        bar: bar * 100,
      }),
    );
    const lowest = Math.min(bar, ...models.map((model) => model.low)) * 100;
    const scoreTicks = niceTicks({ from: lowest < 20 ? 0 : lowest, to: 100 }, 5);
    const smallest = Math.min(...models.map((model) => model.memoryBytes));
    // Models of nearly one size would stand on one spot: then the axis is cut, at a labelled tick as the y axis is.
    const spread = largest - smallest;
    const isCut = spread < largest * 0.35;
    const memoryTicks = niceTicks(
      {
        from: isCut ? (smallest - Math.max(spread, largest * 0.02) * 0.3) / unit.bytes : 0,
        to: (largest + (isCut ? spread * 0.3 : largest * 0.04)) / unit.bytes,
      },
      6,
    );
    const memoryStart = memoryTicks[0] ?? 0;
    const ticks = { color: theme.axis, font: { family: theme.font, size: 10.5 } };
    return {
      type: 'scatter',
      data: {
        datasets: [
          {
            data: points,
            pointRadius: points.map((point) => point.radius),
            pointHoverRadius: points.map((point) => point.radius),
            pointBackgroundColor: 'transparent',
            pointBorderColor: 'transparent',
            pointHoverBackgroundColor: 'transparent',
            pointHoverBorderColor: 'transparent',
          },
        ],
      },
      plugins: [scorePlugin],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        layout: { padding: { top: 6, right: 14 } },
        plugins: {
          legend: { display: false },
          tooltip: {
            displayColors: false,
            backgroundColor: theme.ink,
            titleColor: theme.surface,
            bodyColor: theme.surface,
            titleFont: { family: theme.font, size: 12, weight: 600 },
            bodyFont: { family: theme.font, size: 11.5 },
            cornerRadius: 6,
            padding: 8,
            callbacks: {
              title: ([item]) => (item === undefined ? '' : (points[item.dataIndex]?.label ?? '')),
              label: (item) => [...(points[item.dataIndex]?.details ?? [])],
            },
          },
        },
        scales: {
          x: {
            type: 'linear',
            min: memoryStart,
            max: memoryTicks.at(-1) ?? 1,
            title: {
              display: true,
              text: `${memoryTitle}, ${unit.name}${memoryStart > 0 ? `; the axis starts at ${memoryStart}` : ''}`,
              color: theme.axis,
              font: { family: theme.font, size: 10.5 },
              padding: { top: 2 },
            },
            ticks: { ...ticks, callback: tickText, stepSize: (memoryTicks[1] ?? 1) - (memoryTicks[0] ?? 0) },
            grid: { drawOnChartArea: false, tickColor: theme.axis },
            border: { color: theme.axis },
          },
          y: {
            min: scoreTicks[0] ?? 0,
            max: 100,
            ticks: { ...ticks, stepSize: (scoreTicks[1] ?? 100) - (scoreTicks[0] ?? 0) },
            grid: { color: theme.grid, drawTicks: false },
            border: { display: false },
          },
        },
      },
    };
  }, [models, bar, memoryTitle, theme]);
  return <ChartCanvas config={config as unknown as ChartConfiguration} label={label} height={height} />;
}
