import { localDateOf, workingTimeBetween, type WorkCalendar } from '@quan-so/language';
import { type Replicas } from './replicas.js';

/** Until a calendar has come from the catalogue, and in its own service: offices by the usual week, no holidays. */
const USUAL_DAY = [{ opens: '07:30', closes: '11:30' }, { opens: '13:30', closes: '17:00' }];
const USUAL_WEEK: WorkCalendar = {
  ...{ code: 'usual-week', version: 1, days: [], validFrom: '1900-01-01', validTo: null, coversUntil: '2999-12-31' },
  weeklyWindows: { 1: USUAL_DAY, 2: USUAL_DAY, 3: USUAL_DAY, 4: USUAL_DAY, 5: USUAL_DAY, 6: [], 7: [] },
};

/** Working time since `since`, ms, by the authority's own calendar when the catalogue has told it here; 0 when there is none. */
export async function workingAgeMs(replicas: Pick<Replicas, 'listOn'>, since: Date | null, now: Date): Promise<number> {
  if (since === null) return 0;
  const [calendar] = await replicas.listOn<WorkCalendar>('calendar', localDateOf(now.getTime()));
  const by = calendar === undefined ? USUAL_WEEK : { ...calendar.body, version: calendar.version };
  return workingTimeBetween(by, since.getTime(), now.getTime());
}
