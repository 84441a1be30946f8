import type { JsonValue } from '../bench/labelledItem.ts';

export const operations = ['add', 'subtract', 'multiply', 'divide'] as const;
export type Operation = (typeof operations)[number];

export type Calculation = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly message: string };

/**
 * One step of arithmetic, as the tool `calculator` is asked for it. Text that looks like a number is none: the schema says number.
 * @param given what a model passed: operation, a, b
 * @returns the value in double precision, or in words why there is none
 */
export function calculate(given: { readonly [key: string]: JsonValue }): Calculation {
  const { operation, a, b } = given;
  if (!isOperation(operation)) {
    return refused(`the operation ${written(operation)} is unknown; there are ${operations.join(', ')}`);
  }
  if (typeof a !== 'number' || !Number.isFinite(a)) return refused(`"a" is not a number but ${written(a)}`);
  if (typeof b !== 'number' || !Number.isFinite(b)) return refused(`"b" is not a number but ${written(b)}`);
  if (operation === 'divide' && b === 0) return refused('nothing can be divided by zero');
  const value = work(operation, a, b);
  return Number.isFinite(value) ? { ok: true, value } : refused('the result is too large');
}

function work(operation: Operation, a: number, b: number): number {
  switch (operation) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'divide':
      return a / b;
  }
}

function isOperation(value: JsonValue | undefined): value is Operation {
  return operations.some((known) => known === value);
}

function refused(message: string): Calculation {
  return { ok: false, message };
}

function written(value: JsonValue | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}
