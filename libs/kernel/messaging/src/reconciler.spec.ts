import { defineEvent, EventsMissed } from '@quan-so/contract';
import { z } from 'zod';
import { hearingOf, topicsOf } from './reconciler.js';

const Told = defineEvent({ layer: 'data', version: 1, kind: 'records', name: 'thing-told', description: 'test', schema: z.object({}) });

describe('what is reckoned', () => {
  it('is every topic that others count; who misses what is counted by nobody, so no gap of it could be mended', () => {
    const consumes = [{ event: Told, from: ['teller', 'other'] }, { event: EventsMissed, from: ['teller'] }];
    expect([...topicsOf(hearingOf('hearer', { consumes }))]).toEqual(['records.teller', 'records.other']);
  });
});
