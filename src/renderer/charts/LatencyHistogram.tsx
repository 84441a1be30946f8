import { Chart, type ChartConfiguration, Filler, LinearScale, LineController, LineElement, type Plugin, PointElement } from 'chart.js';
import { useMemo } from 'react';
import { formatDuration } from '#core/units.ts';
import { ChartCanvas } from './ChartCanvas.tsx';
import { coarserBins, niceTicks, tickText } from './scales.ts';
import { readChartTheme, useChartTheme } from './theme.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler);

export interface LatencySeries {
  readonly label: string;
  readonly binMs: number;
  readonly counts: readonly number[];
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

interface LatencyHistogramProps {
  /** Filled, with its p50 and p95 marked. */
  readonly main: LatencySeries;
  /** Drawn as an outline, so that it differs by form and not by hue alone. */
  readonly other: LatencySeries | null;
  readonly label: string;
  readonly height: number;
}

const mostBins = 40;

/** How long answers took: one model filled, another as an outline, seconds from 0. */
export function LatencyHistogram({ main, other, label, height }: LatencyHistogramProps) {
  const theme = useChartTheme();
  const config = useMemo<ChartConfiguration>(() => {
    const shown = coarserBins(main, mostBins);
    const compared = other === null ? null : coarserBins(other, mostBins);
    const seconds = (index: number, binMs: number): number => (index * binMs) / 1000;
    const endSeconds = Math.max(
      seconds(shown.counts.length, shown.binMs),
      compared === null ? 0 : seconds(compared.counts.length, compared.binMs),
    );
    const ticks = niceTicks({ from: 0, to: endSeconds }, 6);
    const end = ticks.at(-1) ?? 1;
    return {
      type: 'line',
      data: {
        datasets: [
          {
            data: bars(shown.counts, (index) => seconds(index, shown.binMs), shown.binMs),
            backgroundColor: theme.series[0] ?? theme.accent,
            fill: true,
            borderWidth: 0,
            pointRadius: 0,
          },
          ...(compared === null
            ? []
            : [
                {
                  data: outline(compared.counts, (index) => seconds(index, compared.binMs), compared.binMs),
                  borderColor: theme.series[1] ?? theme.ink2,
                  borderWidth: 1.5,
                  pointRadius: 0,
                },
              ]),
        ],
      },
      plugins: [markPlugin],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 18, right: 8 } },
        plugins: { legend: { display: false }, tooltip: { enabled: false }, marks: { p50Ms: main.p50Ms, p95Ms: main.p95Ms } } as object,
        scales: {
          x: {
            type: 'linear',
            min: 0,
            max: end,
            offset: false,
            ticks: {
              color: theme.axis,
              font: { family: theme.font, size: 10.5 },
              stepSize: (ticks[1] ?? 1) - (ticks[0] ?? 0),
              maxRotation: 0,
              callback: (value) => (Math.abs(Number(value) - end) < end / 1e6 ? `${tickText(value)} s` : tickText(value)),
            },
            grid: { display: false },
            border: { color: theme.axis },
          },
          y: { display: false, min: 0 },
        },
      },
    };
  }, [main, other, theme]);
  return <ChartCanvas config={config} label={label} height={height} />;
}

/** Corners of the filled bars, with a hair between them. */
function bars(counts: readonly number[], seconds: (index: number) => number, binMs: number): { x: number; y: number }[] {
  const hair = binMs / 1000 / 16;
  return counts.flatMap((count, index) => {
    const [left, right, height] = [seconds(index) + hair, seconds(index + 1) - hair, count / binMs];
    return [
      { x: left, y: 0 },
      { x: left, y: height },
      { x: right, y: height },
      { x: right, y: 0 },
    ];
  });
}

/** Corners of the stairs around the bars; heights are per millisecond so that different bins compare. */
function outline(counts: readonly number[], seconds: (index: number) => number, binMs: number): { x: number; y: number }[] {
  const corners = [{ x: 0, y: 0 }];
  counts.forEach((count, index) => {
    corners.push({ x: seconds(index), y: count / binMs }, { x: seconds(index + 1), y: count / binMs });
  });
  return [...corners, { x: seconds(counts.length), y: 0 }];
}

interface Marks {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** Dashed lines at the median and the 95th percentile of the filled series. */
const markPlugin: Plugin<'line'> = {
  id: 'marks',
  afterDatasetsDraw(chart, _args, options) {
    const marks = options as unknown as Marks;
    const theme = readChartTheme();
    const { ctx, chartArea: area } = chart;
    const lines = [
      { name: 'p50', ms: marks.p50Ms, align: 'right' as const, shift: -4 },
      { name: 'p95', ms: marks.p95Ms, align: 'left' as const, shift: 4 },
    ];
    ctx.save();
    ctx.font = `400 11px ${theme.font}`;
    ctx.textBaseline = 'bottom';
    for (const mark of lines.toReversed()) {
      if (mark.ms === null) continue;
      const x = chart.scales['x']?.getPixelForValue(mark.ms / 1000) ?? 0;
      const words = `${mark.name} ${formatDuration(mark.ms)}`;
      const room = mark.align === 'right' ? x - area.left : area.right - x;
      const flipped = room < ctx.measureText(words).width + 6;
      ctx.strokeStyle = theme.ink2;
      ctx.setLineDash([2, 2]);
      ctx.beginPath();
      ctx.moveTo(x, area.top - 14);
      ctx.lineTo(x, area.bottom);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.fillStyle = theme.ink2;
      // A halo in the card's colour keeps the words readable where the other line runs through them.
      ctx.strokeStyle = theme.raised;
      ctx.lineWidth = 3;
      ctx.lineJoin = 'round';
      ctx.textAlign = flipped ? (mark.align === 'right' ? 'left' : 'right') : mark.align;
      const place = [flipped ? x - mark.shift : x + mark.shift, area.top - (flipped ? -10 : 4)] as const;
      ctx.strokeText(words, ...place);
      ctx.fillText(words, ...place);
      ctx.lineWidth = 1;
    }
    ctx.restore();
  },
};
