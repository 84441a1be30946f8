import { CategoryScale, Chart, type ChartConfiguration, Filler, LinearScale, LineController, LineElement, PointElement } from 'chart.js';
import { useMemo } from 'react';
import { ChartCanvas } from './ChartCanvas.tsx';
import { faded, useChartTheme } from './theme.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, CategoryScale, Filler);

interface SparklineProps {
  /** Oldest first; they end at the right edge. Null where nothing was read. */
  readonly values: readonly (number | null)[];
  /** How many values the whole width stands for. */
  readonly slots: number;
  /** The end of the scale; null lets the values decide. */
  readonly max: number | null;
  /** What it shows now, in one sentence. */
  readonly label: string;
  readonly height?: number;
}

/** One live line without axes: the last minute of a reading. */
export function Sparkline({ values, slots, max, label, height = 48 }: SparklineProps) {
  const theme = useChartTheme();
  const config = useMemo<ChartConfiguration<'line'>>(() => {
    const padded = [...Array<null>(Math.max(0, slots - values.length)).fill(null), ...values.slice(-slots)];
    return {
      type: 'line',
      data: {
        labels: padded.map((_, index) => index),
        datasets: [
          {
            data: padded,
            borderColor: theme.accent,
            borderWidth: 1.5,
            backgroundColor: faded(theme.accent, 0.1),
            fill: true,
            pointRadius: 0,
            tension: 0,
          },
        ],
      },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        scales: {
          x: { display: false },
          y: {
            min: 0,
            ...(max === null ? { grace: '10%' } : { max }),
            border: { display: false },
            ticks: { display: false, count: 3 },
            grid: { color: ({ index }) => (index === 0 ? theme.line : theme.grid), drawTicks: false },
          },
        },
      },
    };
  }, [values, slots, max, theme]);
  return <ChartCanvas config={config as ChartConfiguration} label={label} height={height} />;
}
