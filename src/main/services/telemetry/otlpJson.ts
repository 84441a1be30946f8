/**
 * OTLP as JSON: the proto3 JSON mapping of opentelemetry-proto 1.x with the two exceptions that the protocol makes: ids of traces and spans are hex,
 * enums are numbers. 64-bit integers are strings.
 */
export type OtlpValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly OtlpValue[] } };

export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

export interface OtlpSpan {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly status?: { readonly code: number; readonly message?: string };
}
export const spanKinds = { internal: 1, client: 3 } as const;
export const statusError = 2;

export interface OtlpLog {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body: OtlpValue;
  readonly attributes: readonly OtlpAttribute[];
  readonly traceId: string;
  readonly spanId: string;
}
export const severities = {
  info: { severityNumber: 9, severityText: 'INFO' },
  warn: { severityNumber: 13, severityText: 'WARN' },
} as const;

export interface OtlpNumberPoint {
  readonly attributes: readonly OtlpAttribute[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble: number;
}

export interface OtlpHistogramPoint {
  readonly attributes: readonly OtlpAttribute[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly count: string;
  readonly sum: number;
  readonly bucketCounts: readonly string[];
  readonly explicitBounds: readonly number[];
  readonly min: number;
  readonly max: number;
}

export interface OtlpMetric {
  readonly name: string;
  readonly description: string;
  /** UCUM. */
  readonly unit: string;
  readonly gauge?: { readonly dataPoints: readonly OtlpNumberPoint[] };
  readonly histogram?: { readonly aggregationTemporality: number; readonly dataPoints: readonly OtlpHistogramPoint[] };
}
export const cumulative = 2;

/** @returns a 64-bit integer attribute; null for what is unknown. */
export const integer = (value: number | null | undefined): OtlpValue | null =>
  value === null || value === undefined || !Number.isFinite(value) ? null : { intValue: String(Math.round(value)) };

/** @returns an attribute with a fraction; null for what is unknown. */
export const double = (value: number | null | undefined): OtlpValue | null =>
  value === null || value === undefined || !Number.isFinite(value) ? null : { doubleValue: value };

export const list = (values: readonly string[]): OtlpValue => ({ arrayValue: { values: values.map((stringValue) => ({ stringValue })) } });

/** @returns the attributes that are known, in the order they were given. */
export function attributesOf(named: Readonly<Record<string, string | boolean | OtlpValue | null | undefined>>): OtlpAttribute[] {
  return Object.entries(named).flatMap(([key, value]) => {
    if (value === null || value === undefined) return [];
    if (typeof value === 'string') return [{ key, value: { stringValue: value } }];
    return [{ key, value: typeof value === 'boolean' ? { boolValue: value } : value }];
  });
}

/** @param ms since 1970, with a fraction @returns nanoseconds as a decimal string */
export function unixNano(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}

/** @returns a histogram's point; null without values. A value on a boundary belongs to the bucket below it. */
export function histogramPoint(
  values: readonly number[],
  of: Pick<OtlpHistogramPoint, 'attributes' | 'startTimeUnixNano' | 'timeUnixNano'> & { readonly bounds: readonly number[] },
): OtlpHistogramPoint | null {
  if (values.length === 0) return null;
  const { bounds, ...point } = of;
  const counts = new Array<number>(bounds.length + 1).fill(0);
  let sum = 0;
  for (const value of values) {
    const bucket = bounds.findIndex((bound) => value <= bound);
    const at = bucket < 0 ? bounds.length : bucket;
    counts[at] = (counts[at] ?? 0) + 1;
    sum += value;
  }
  return {
    ...point,
    count: String(values.length),
    sum,
    bucketCounts: counts.map(String),
    explicitBounds: bounds,
    min: values.reduce((least, value) => Math.min(least, value)),
    max: values.reduce((most, value) => Math.max(most, value)),
  };
}
