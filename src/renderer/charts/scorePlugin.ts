import type { Chart, Plugin } from 'chart.js';
import { cutLabel, placeLabels } from './placeLabels.ts';
import { bestForSize } from './scales.ts';
import { type ChartTheme, faded, readChartTheme } from './theme.ts';

export interface ScoredModel {
  readonly id: string;
  readonly label: string;
  readonly memoryBytes: number;
  readonly passRate: number;
  readonly low: number;
  readonly high: number;
  readonly tokensPerSecond: number | null;
  readonly passes: boolean;
  readonly isVerdict: boolean;
  /** `on`: no other is surely better in all that counts; `tie`: that cannot be told; null = unknown. */
  readonly frontier: 'on' | 'tie' | 'dominated' | null;
  /** Lines of the tooltip. */
  readonly details: readonly string[];
}

/** One bubble. It carries all that is drawn, so that the plugin needs nothing but the chart. */
export interface ScatterPoint extends ScoredModel {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly bar: number;
}

/** Draws what chart.js has no mark for: the passing band, whiskers, frontier, hollow dashed bubbles and direct labels. */
export const scorePlugin: Plugin<'scatter'> = {
  id: 'score',
  beforeDatasetsDraw(chart) {
    const points = pointsOf(chart);
    const first = points[0];
    if (first === undefined) return;
    const theme = readChartTheme();
    drawBar(chart, { theme, bar: first.bar });
    drawFrontier(chart, { theme, points });
    for (const point of points) drawWhisker(chart, { theme, point });
    for (const point of inDrawingOrder(points)) drawBubble(chart, { theme, point });
    drawLabels(chart, { theme, points });
  },
};

/** Large bubbles first, so that no small one is hidden; the verdict on top of all. */
function inDrawingOrder(points: readonly ScatterPoint[]): readonly ScatterPoint[] {
  return points.toSorted((a, b) => Number(a.isVerdict) - Number(b.isVerdict) || b.radius - a.radius);
}

interface Scaled {
  x(value: number): number;
  y(value: number): number;
}

function pointsOf(chart: Chart<'scatter'>): readonly ScatterPoint[] {
  return (chart.data.datasets[0]?.data ?? []) as unknown as readonly ScatterPoint[];
}

function scaled(chart: Chart<'scatter'>): Scaled {
  const { x, y } = chart.scales;
  return { x: (value) => x?.getPixelForValue(value) ?? 0, y: (value) => y?.getPixelForValue(value) ?? 0 };
}

function drawBar(chart: Chart<'scatter'>, { theme, bar }: { readonly theme: ChartTheme; readonly bar: number }): void {
  const { ctx, chartArea: area } = chart;
  const y = scaled(chart).y(bar);
  ctx.save();
  ctx.fillStyle = faded(theme.accent, 0.06);
  ctx.fillRect(area.left, area.top, area.right - area.left, y - area.top);
  ctx.strokeStyle = theme.accent;
  ctx.lineWidth = 1.25;
  line(ctx, [area.left, y], [area.right, y]);
  ctx.fillStyle = theme.accent;
  ctx.font = `500 10.5px ${theme.font}`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'top';
  ctx.fillText(`your bar, ${Math.round(bar)}%`, area.right - 4, y + 4);
  ctx.restore();
}

function drawFrontier(
  chart: Chart<'scatter'>,
  { theme, points }: { readonly theme: ChartTheme; readonly points: readonly ScatterPoint[] },
): void {
  const { ctx, chartArea: area } = chart;
  const to = scaled(chart);
  const best = bestForSize(points);
  ctx.save();
  ctx.strokeStyle = theme.axis;
  ctx.setLineDash([2, 3]);
  ctx.beginPath();
  best.forEach((point, index) => {
    if (index === 0) ctx.moveTo(to.x(point.x), area.bottom);
    else ctx.lineTo(to.x(point.x), to.y(best[index - 1]?.y ?? 0));
    ctx.lineTo(to.x(point.x), to.y(point.y));
  });
  const last = best.at(-1);
  if (last !== undefined) ctx.lineTo(area.right, to.y(last.y));
  ctx.stroke();
  ctx.restore();
}

function drawWhisker(chart: Chart<'scatter'>, { theme, point }: { readonly theme: ChartTheme; readonly point: ScatterPoint }): void {
  const { ctx, chartArea: area } = chart;
  const to = scaled(chart);
  ctx.save();
  ctx.strokeStyle = point.isVerdict ? theme.accent : theme.mute;
  ctx.lineWidth = 1.5;
  const x = to.x(point.x);
  line(ctx, [x, Math.max(area.top, to.y(point.high * 100))], [x, Math.min(area.bottom, to.y(point.low * 100))]);
  ctx.restore();
}

/** Between a bubble and the ring of those that nothing beats. */
const ringGap = 3;

function drawBubble(chart: Chart<'scatter'>, { theme, point }: { readonly theme: ChartTheme; readonly point: ScatterPoint }): void {
  const { ctx } = chart;
  const to = scaled(chart);
  ctx.save();
  ctx.beginPath();
  ctx.arc(to.x(point.x), to.y(point.y), point.radius, 0, 2 * Math.PI);
  ctx.lineWidth = 1.25;
  ctx.fillStyle = point.isVerdict ? theme.accent : theme.raised;
  ctx.fill();
  if (point.passes && !point.isVerdict) {
    ctx.fillStyle = faded(theme.mute, 0.55);
    ctx.fill();
  }
  ctx.strokeStyle = point.isVerdict ? theme.surface : point.passes ? theme.ink2 : theme.axis;
  if (!point.passes) ctx.setLineDash([2.5, 2]);
  ctx.stroke();
  if (point.frontier === 'on' || point.frontier === 'tie') {
    ctx.beginPath();
    ctx.arc(to.x(point.x), to.y(point.y), point.radius + ringGap, 0, 2 * Math.PI);
    ctx.strokeStyle = point.isVerdict ? theme.accent : theme.ink2;
    ctx.setLineDash(point.frontier === 'tie' ? [2, 3] : []);
    ctx.stroke();
  }
  ctx.restore();
}

/** Longer names would cover the marks of others; the tooltip and the table have them whole. */
const widestLabel = 150;

function drawLabels(
  chart: Chart<'scatter'>,
  { theme, points }: { readonly theme: ChartTheme; readonly points: readonly ScatterPoint[] },
): void {
  const { ctx, chartArea: area } = chart;
  const to = scaled(chart);
  const fontOf = (point: ScatterPoint): string => (point.isVerdict ? `600 11.5px ${theme.font}` : `400 11px ${theme.font}`);
  const ordered = points.toSorted((a, b) => Number(b.isVerdict) - Number(a.isVerdict) || b.y - a.y);
  ctx.save();
  const labels = ordered.map((point) => {
    ctx.font = fontOf(point);
    return cutLabel(point.label, { width: widestLabel, measure: (text) => ctx.measureText(text).width });
  });
  const anchors = ordered.map((point, index) => {
    ctx.font = fontOf(point);
    return {
      x: to.x(point.x),
      y: to.y(point.y),
      radius: point.radius + (point.frontier === 'on' || point.frontier === 'tie' ? ringGap : 0),
      width: ctx.measureText(labels[index] ?? '').width,
    };
  });
  const whiskers = points.map((point) => ({
    left: to.x(point.x) - 2,
    right: to.x(point.x) + 2,
    top: to.y(point.high * 100),
    bottom: to.y(point.low * 100),
  }));
  const places = placeLabels(anchors, { area, lineHeight: 14, obstacles: whiskers });
  ordered.forEach((point, index) => {
    const place = places[index];
    const label = labels[index];
    if (place == null || label === undefined) return;
    ctx.font = fontOf(point);
    ctx.fillStyle = point.isVerdict ? theme.ink : theme.ink2;
    ctx.textAlign = place.align;
    ctx.textBaseline = 'middle';
    // A halo in the card's colour keeps the label readable where the frontier runs through it.
    ctx.strokeStyle = theme.raised;
    ctx.lineWidth = 3;
    ctx.lineJoin = 'round';
    ctx.strokeText(label, place.x, place.y);
    ctx.fillText(label, place.x, place.y);
  });
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, from: readonly [number, number], to: readonly [number, number]): void {
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}
