import { LanguageError } from './error.js';
import { parseTime } from './time.js';

/** Local times `HH:MM`; a day may close at `24:00`. */
export interface OpeningWindow {
  readonly opens: string;
  readonly closes: string;
}

/** A window as minutes since midnight. */
export interface Minutes {
  readonly opens: number;
  readonly closes: number;
}

/** Windows as minutes of the day, in order, apart from each other. Throws CALENDAR_WINDOWS_NOT_VALID. */
export function minutesOf(windows: readonly OpeningWindow[], at: string): readonly Minutes[] {
  let last = -1;
  return windows.map(({ opens, closes }, index) => {
    const place = `${at}[${index}]`;
    const minutes = { opens: parseTime(opens, { at: place }), closes: parseTime(closes, { at: place, endOfDay: true }) };
    if (minutes.opens <= last || minutes.closes <= minutes.opens) {
      throw new LanguageError('CALENDAR_WINDOWS_NOT_VALID', 'Giờ làm việc phải theo thứ tự và không chồng nhau.', 'Opening windows are in order and apart from each other.', place);
    }
    last = minutes.closes;
    return minutes;
  });
}
