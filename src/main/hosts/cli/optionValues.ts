import { InvalidArgumentError } from 'commander';

/** Parsers of option values: what they throw becomes a usage error that names the option. */
function parse(text: string, accept: (value: number) => boolean, what: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || !accept(value)) throw new InvalidArgumentError(`It takes ${what}.`);
  return value;
}

/** A whole number within the contract's limits. */
export const integerFrom =
  (least: number, most: number) =>
  (text: string): number =>
    parse(text, (value) => Number.isInteger(value) && value >= least && value <= most, `a whole number from ${least} to ${most}`);
export const positiveInteger = (text: string): number =>
  parse(text, (value) => Number.isInteger(value) && value >= 1, 'a whole number from 1');
export const wholeNumber = (text: string): number => parse(text, (value) => Number.isInteger(value) && value >= 0, 'a whole number from 0');
export const temperature = (text: string): number => parse(text, (value) => value >= 0 && value <= 5, 'a number from 0 to 5');
export const share = (text: string): number => parse(text, (value) => value > 0 && value < 1, 'a share between 0 and 1, such as 0.8');

export const money = (text: string): number => parse(text, (value) => value >= 0 && value <= 1000, 'an amount from 0 to 1000');

/** As banks write it. */
export function currencyCode(text: string): string {
  const code = text.trim().toUpperCase();
  if (!/^[A-Z]{3}$/.test(code)) throw new InvalidArgumentError('It takes a currency code such as USD.');
  return code;
}

/** An empty path is what a script passes that forgot to set one; the folder it stands in is not meant. */
export function pathOf(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It takes a path.');
  return text;
}

/** `A,B,C` without empty parts and doubles. */
export function commaList(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  const named = [...new Set(parts.filter((part) => part !== ''))];
  if (named.length === 0) throw new InvalidArgumentError('It takes a comma list.');
  return named;
}

export const temperatureList = (text: string): number[] => commaList(text).map(temperature);

/** Whole numbers within limits, such as `1,2,4`. */
export const numberList =
  (least: number, most: number) =>
  (text: string): number[] =>
    commaList(text).map(integerFrom(least, most));
