import { Chart, type ChartConfiguration } from 'chart.js';
import { useEffect, useRef } from 'react';

interface ChartCanvasProps {
  /** Of a chart whose controllers and scales the caller has registered. A new object redraws it. */
  readonly config: ChartConfiguration;
  /** The conclusion the chart shows, in one sentence. */
  readonly label: string;
  readonly height: number;
}

/** A chart.js drawing that lives as long as its element. Nothing in it moves by itself. */
export function ChartCanvas({ config, label, height }: ChartCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart | null>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    if (chart.current === null) {
      chart.current = new Chart(element, config);
      return;
    }
    chart.current.data = config.data;
    if (config.options !== undefined) chart.current.options = config.options;
    chart.current.update('none');
  }, [config]);
  useEffect(() => {
    return () => {
      chart.current?.destroy();
      chart.current = null;
    };
  }, []);
  return (
    <div style={{ position: 'relative', height }}>
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}
