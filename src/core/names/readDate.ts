/** A date stamp. */
export interface DateReading {
  /** `2025`, `2025-07`, `2025-07-12`; `05-28` where the year is not said. */
  readonly date: string;
  /** Such as `July 2025`, `28 May`. */
  readonly text: string;
}

const months = 'January February March April May June July August September October November December'.split(' ');
/** Open models worth a stamp began in 2023; two digits below that are a month. */
const firstYear = 2023;
const lastYear = 2029;

/**
 * Reads digits as a date: `2507`, `0528`, `202606`, `250714`, `20250712`, `2025`.
 * @param digits of one word
 * @param options.isMonthAndYear four digits are month and year, as Ai2 writes them: `0924`
 * @returns null for what cannot be one
 */
export function readDate(digits: string, options: { readonly isMonthAndYear?: boolean } = {}): DateReading | null {
  if (!/^\d+$/.test(digits)) return null;
  const pair = (at: number): number => Number(digits.slice(at, at + 2));
  switch (digits.length) {
    case 4: {
      if (options.isMonthAndYear) return monthOf(2000 + pair(2), pair(0));
      const year = Number(digits);
      return monthOf(2000 + pair(0), pair(2)) ?? dayOf(pair(0), pair(2)) ?? (isYear(year) ? { date: digits, text: digits } : null);
    }
    case 6:
      return monthOf(Number(digits.slice(0, 4)), pair(4)) ?? fullDate(2000 + pair(0), pair(2), pair(4));
    case 8:
      return fullDate(Number(digits.slice(0, 4)), pair(4), pair(6));
    default:
      return null;
  }
}

/** Two words: `12-2024`. */
export function readMonthAndYear(month: string, year: string): DateReading | null {
  return month.length === 2 && year.length === 4 ? monthOf(Number(year), Number(month)) : null;
}

function monthOf(year: number, month: number): DateReading | null {
  const name = months[month - 1];
  return name !== undefined && isYear(year) ? { date: `${year}-${twoDigits(month)}`, text: `${name} ${year}` } : null;
}

function dayOf(month: number, day: number): DateReading | null {
  const name = months[month - 1];
  return name !== undefined && isDay(day) ? { date: `${twoDigits(month)}-${twoDigits(day)}`, text: `${day} ${name}` } : null;
}

function fullDate(year: number, month: number, day: number): DateReading | null {
  const name = months[month - 1];
  if (name === undefined || !isYear(year) || !isDay(day)) return null;
  return { date: `${year}-${twoDigits(month)}-${twoDigits(day)}`, text: `${day} ${name} ${year}` };
}

const isYear = (year: number): boolean => year >= firstYear && year <= lastYear;
const isDay = (day: number): boolean => day >= 1 && day <= 31;
const twoDigits = (number: number): string => String(number).padStart(2, '0');
