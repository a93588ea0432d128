import { workingAgeMs } from './parked-age.js';

// Friday 27 November 2026, 16:30 in Vietnam, and Monday 30 November, 08:30.
const FRIDAY = new Date('2026-11-27T09:30:00Z');
const MONDAY = new Date('2026-11-30T01:30:00Z');
const MINUTE = 60_000;
const none = { listOn: async () => [] };

describe('how long something has been parked in working time', () => {
  it('leaves out the weekend: half an hour of Friday and one of Monday by the usual week', async () => {
    expect(await workingAgeMs(none, FRIDAY, MONDAY)).toBe(90 * MINUTE);
  });

  it('leaves out the authority’s holidays once the catalogue has told them', async () => {
    const day = [{ opens: '08:00', closes: '17:00' }];
    const holiday = { date: '2026-11-30', kind: 'holiday' as const, name: { vi: 'v', en: 'e' }, legalBasis: 'x', confirmed: true, validFrom: '2026-01-01' };
    const body = { code: 'x', days: [holiday], weeklyWindows: { 1: day, 2: day, 3: day, 4: day, 5: day, 6: [], 7: [] }, validFrom: '2026-01-01', validTo: null, coversUntil: '2026-12-31' };
    const replicas = { listOn: async () => [{ kind: 'calendar', code: 'x', version: 1, validFrom: '2026-01-01', validTo: null, publishedAt: '', body }] } as never;
    expect(await workingAgeMs(replicas, FRIDAY, MONDAY)).toBe(30 * MINUTE);
  });

  it('is nothing when nothing is parked, or not yet', async () => {
    expect(await Promise.all([workingAgeMs(none, null, MONDAY), workingAgeMs(none, MONDAY, FRIDAY)])).toEqual([0, 0]);
  });
});
