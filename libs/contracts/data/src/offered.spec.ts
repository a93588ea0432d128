import { join, resolve } from 'node:path';
import { computeDeadline, formatInstant, parseInstant } from '@quan-so/language';
import { offeredTo, type Offer } from './offered.js';
import { readAuthorityPack } from './pack.js';
import { asWorkCalendar, type Procedure } from './reference.js';
import { mostSpecific } from './reference.checks.js';

const AUTHORITIES = resolve(import.meta.dirname, '..', '..', '..', '..', 'deploy', 'authorities');
const CHANNELS = ['counter', 'post', 'online'] as const;

describe.each(['quan-sao-mai', 'phuong-sao-mai'])('%s', (name) => {
  const { procedures, calendars } = readAuthorityPack(join(AUTHORITIES, name));
  const find = (code: string): Procedure => {
    const found = procedures.find((procedure) => procedure.code === code);
    if (found === undefined) throw new Error(`no ${code}`);
    return found;
  };
  const offers = (code: string, ofCase: string): string[] =>
    CHANNELS.map((channel) => {
      const offer: Offer = offeredTo(find(code), ofCase, channel);
      return offer.offered ? channel : `not ${channel}: ${offer.because.join(', ')}`;
    });

  it.each([
    // The source states three working days for the counter and post; of online it says no number.
    ['1.001612', 'one-person', ['counter', 'post', 'not online: term']],
    ['1.001612', 'household-members-by-person', ['counter', 'post', 'not online: term']],
    ['1.013225', 'separate-house', ['counter', 'post', 'online']],
    ['1.013225', 'works-not-linear', ['counter', 'post', 'online']],
    ['1.013225', 'castle', ['not counter: cases', 'not post: cases', 'not online: cases']],
    ['2.000815', 'usual', ['counter', 'not post: channels', 'not online: channels']],
    // Days that nobody has checked are not there at all, or stand with their flag.
    ['1.000656', 'long-ago', ['not counter: term', 'not post: term', 'not online: term']],
    ['1.000894', 'with-verification', ['not counter: term', 'not post: term', 'not online: term']],
    ['1.000894', 'no-verification', ['counter', 'post', 'online']],
    // "The same day" for a step has no unit yet: only the counter, where it is checked at once.
    ['1.013274', 'funeral', ['counter', 'not post: windows', 'not online: windows']],
    ['1.011607', 'usual', ['not counter: windows, mode', 'not post: windows, mode', 'not online: channels, windows, mode']],
    // The code itself is in doubt.
    ['2.002891', 'public', ['not counter: term, basis', 'not post: term, basis', 'not online: term, basis']],
  ])('%s, %s', (code, ofCase, expected) => {
    expect(offers(code, ofCase)).toEqual(expected);
  });

  /** Counted by hand over the calendar of 2026 (Bộ luật Dân sự 2015, Điều 147–148). */
  it.each([
    ['1.013225', 'separate-house', '2026-04-14 09:00', '2026-04-29 17:00'],
    ['1.013225', 'separate-house', '2026-04-15 09:00', '2026-05-04 17:00'],
    ['1.013225', 'works-not-linear', '2026-10-05 09:00', '2026-10-26 17:00'],
    ['1.001612', 'one-person', '2026-11-20 14:00', '2026-11-26 17:00'],
    ['1.001193', 'on-time', '2026-04-24 15:00', '2026-04-24 17:00'],
    ['1.001193', 'on-time', '2026-04-24 15:01', '2026-04-28 17:00'],
    // Two working days on top of the day itself, which is the next one after 15:00.
    ['2.000815', 'many-copies', '2026-04-24 15:01', '2026-05-04 17:00'],
    // Over the Saturday made up on 22/08 and three days off: 6, 7, 10–14, 17–22, 24–28 August, 3 and 4 September.
    ['1.013978', 'register-and-issue', '2026-08-05 09:00', '2026-09-04 17:00'],
    ['9.000001', 'one-month', '2026-10-15 09:00', '2026-11-16 17:00'],
    ['9.000002', 'usual', '2026-11-19 10:00', '2026-11-20 10:00'],
    ['9.000002', 'half-day', '2026-10-12 13:00', '2026-10-12 17:00'],
    ['9.000003', 'usual', '2026-11-21 22:15', '2026-11-22 10:15'],
  ])('%s, %s, at the counter on %s: %s', (code, ofCase, received, due) => {
    const term = mostSpecific(find(code).durations, ofCase, 'counter')!.term;
    const { dueAt } = computeDeadline({ calendar: asWorkCalendar(calendars[0]!), receivedAt: parseInstant(`${received.replace(' ', 'T')}:00+07:00`), term });
    expect(formatInstant(dueAt!).slice(0, 16).replace('T', ' ')).toBe(due);
  });

  it('closes a channel as soon as one decisive field is no longer verified there', () => {
    const permit = find('1.013225');
    for (const field of ['term', 'windows', 'mode', 'basis'] as const) {
      const doubt = { fields: [field], channel: 'post' as const, basis: 'x', source: 'x', checkedOn: '2026-11-24', verified: false };
      const doubted = { ...permit, verification: [...permit.verification, doubt] };
      expect(offeredTo(doubted, 'separate-house', 'post')).toEqual({ offered: false, because: [field] });
      expect(offeredTo(doubted, 'separate-house', 'counter')).toEqual({ offered: true });
    }
  });
});
