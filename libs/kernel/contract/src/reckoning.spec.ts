import { EventsMissed, isCounted, RECKONING_TYPE, RECKONINGS } from './reckoning.js';

const told = { from: '2026-11-24T09:00:00.000+07:00', to: '2026-11-24T09:01:00.000+07:00', shard: 0, told: [{ type: 'vn.quanso.data.record-changed.v1', count: 12, digest: '-9223372036854775808' }] };

describe('reckonings', () => {
  it('go on the topics that they count, under one name', () => {
    expect(Object.entries(RECKONINGS).map(([kind, event]) => [kind, event.kind, event.type])).toEqual([
      ['records', 'records', 'vn.quanso.security.reckoning.v1'],
      ['audit', 'audit', 'vn.quanso.security.reckoning.v1'],
      ['reference', 'reference', 'vn.quanso.security.reckoning.v1'],
    ]);
    expect(RECKONING_TYPE).toBe('vn.quanso.security.reckoning.v1');
  });

  it('count all but what says that something is missing', () => {
    expect((['records', 'audit', 'reference', 'missing'] as const).map(isCounted)).toEqual([true, true, true, false]);
  });

  it('take a digest of 64 bits as text, and no other', () => {
    const { schema } = RECKONINGS.records;
    expect(schema.safeParse(told).success).toBe(true);
    for (const digest of ['', '1e9', '0x1f', '--1', '12345678901234567890']) expect(schema.safeParse({ ...told, told: [{ ...told.told[0], digest }] }).success).toBe(false);
  });
});

describe('events missed', () => {
  it('name a topic whose events are counted', () => {
    const missed = { topic: 'records.dossiers', from: told.from, to: told.to, told: 12, heard: 9, tries: 1 };
    const takes = (topic: string): boolean => EventsMissed.schema.safeParse({ ...missed, topic }).success;
    expect(['records.dossiers', 'audit.file-store', 'reference.catalog'].map(takes)).toEqual([true, true, true]);
    expect(['missing.dossiers', 'records', 'records.', 'records.Dossiers', 'x.records.dossiers', 'records.dossiers.x'].map(takes)).toEqual(Array(6).fill(false));
    expect(EventsMissed.type).toBe('vn.quanso.security.events-missed.v1');
  });
});
