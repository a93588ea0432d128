import { join, resolve } from 'node:path';
import { offeredTo, type Offer } from './offered.js';
import { readAuthorityPack } from './pack.js';
import { type Procedure } from './reference.js';

const AUTHORITIES = resolve(import.meta.dirname, '..', '..', '..', '..', 'deploy', 'authorities');
const CHANNELS = ['counter', 'post', 'online'] as const;

describe.each(['quan-sao-mai', 'phuong-sao-mai'])('%s', (name) => {
  const { procedures } = readAuthorityPack(join(AUTHORITIES, name));
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
