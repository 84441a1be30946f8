const dayAndTime = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** "12 Jul, 16:40" */
export function formatDayAndTime(at: number): string {
  return dayAndTime.format(at);
}

/** "18:16", with the day where it is another one than today. */
export function formatClock(at: number, now: number): string {
  return new Date(at).toDateString() === new Date(now).toDateString() ? time.format(at) : dayAndTime.format(at);
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** Two times told apart as briefly as they can be: "28 Jun" and "12 Jul", of one day "09:10" and "16:40". */
export function formatPair(before: number, now: number): { readonly before: string; readonly now: string } {
  const format = day.format(before) === day.format(now) ? time : day;
  return { before: format.format(before), now: format.format(now) };
}
