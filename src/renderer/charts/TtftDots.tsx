import { Chart, type ChartConfiguration, LinearScale, type Plugin, PointElement, ScatterController } from 'chart.js';
import { useMemo } from 'react';
import { ChartCanvas } from './ChartCanvas.tsx';
import { niceTicks, tickText } from './scales.ts';
import { readChartTheme, useChartTheme } from './theme.ts';

Chart.register(ScatterController, PointElement, LinearScale);

export interface FirstToken {
  readonly label: string;
  readonly p50Ms: number;
  /** Null below 20 values: then there is no tick. */
  readonly p95Ms: number | null;
  readonly isVerdict: boolean;
}

interface TtftDotsProps {
  readonly rows: readonly FirstToken[];
  readonly label: string;
  readonly height: number;
}

interface Dot extends FirstToken {
  readonly x: number;
  readonly y: number;
}

/** Time to first token: a dot at the median, a tick at the 95th percentile, seconds from 0. */
export function TtftDots({ rows, label, height }: TtftDotsProps) {
  const theme = useChartTheme();
  const config = useMemo<ChartConfiguration<'scatter', Dot[]>>(() => {
    const endSeconds = Math.max(...rows.map((row) => row.p95Ms ?? row.p50Ms)) / 1000;
    const ticks = niceTicks({ from: 0, to: endSeconds }, 3);
    const end = ticks.at(-1) ?? 1;
    return {
      type: 'scatter',
      data: { datasets: [{ data: rows.map((row, index): Dot => ({ ...row, x: row.p50Ms / 1000, y: index })), pointRadius: 0 }] },
      plugins: [dotPlugin],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        layout: { padding: { right: 10 } },
        scales: {
          x: {
            type: 'linear',
            min: 0,
            max: end,
            ticks: {
              color: theme.axis,
              font: { family: theme.font, size: 10.5 },
              stepSize: (ticks[1] ?? 1) - (ticks[0] ?? 0),
              maxRotation: 0,
              callback: (value) => (Math.abs(Number(value) - end) < end / 1e6 ? `${tickText(value)} s` : tickText(value)),
            },
            grid: { color: theme.grid, drawTicks: false },
            border: { display: false },
          },
          y: {
            type: 'linear',
            min: -0.6,
            max: rows.length - 0.4,
            reverse: true,
            afterBuildTicks: (axis) => {
              axis.ticks = rows.map((_, index) => ({ value: index }));
            },
            ticks: {
              autoSkip: false,
              callback: (value) => shortened(rows[Number(value)]?.label ?? ''),
              color: rows.map((row) => (row.isVerdict ? theme.ink : theme.ink2)),
              font: (context) => ({ family: theme.font, size: 11, weight: rows[context.index]?.isVerdict ? 600 : 400 }),
              crossAlign: 'far',
            },
            grid: { display: false },
            border: { display: false },
          },
        },
      },
    };
  }, [rows, theme]);
  return <ChartCanvas config={config as unknown as ChartConfiguration} label={label} height={height} />;
}

/** The axis may take a third of a narrow card; the table has the whole name. */
function shortened(label: string): string {
  return label.length > 22 ? `${label.slice(0, 21)}…` : label;
}

const dotPlugin: Plugin<'scatter'> = {
  id: 'firstToken',
  afterDatasetsDraw(chart) {
    const theme = readChartTheme();
    const { ctx } = chart;
    const dots = (chart.data.datasets[0]?.data ?? []) as unknown as readonly Dot[];
    const { x: xScale, y: yScale } = chart.scales;
    if (xScale === undefined || yScale === undefined) return;
    ctx.save();
    ctx.lineWidth = 1.5;
    for (const dot of dots) {
      const y = yScale.getPixelForValue(dot.y);
      const x = xScale.getPixelForValue(dot.x);
      ctx.strokeStyle = dot.isVerdict ? theme.accent : theme.ink2;
      if (dot.p95Ms !== null) {
        const tail = xScale.getPixelForValue(dot.p95Ms / 1000);
        ctx.beginPath();
        ctx.moveTo(x, y);
        ctx.lineTo(tail, y);
        ctx.moveTo(tail, y - 3.5);
        ctx.lineTo(tail, y + 3.5);
        ctx.stroke();
      }
      ctx.beginPath();
      ctx.arc(x, y, 4, 0, 2 * Math.PI);
      ctx.fillStyle = dot.isVerdict ? theme.accent : theme.raised;
      ctx.fill();
      ctx.stroke();
    }
    ctx.restore();
  },
};
