import { placesOf, possibleIn, stateAfter, withinCap, worldOf, type Head } from './operate.rules.js';
import { selectionOf } from './operate.schema.js';

const head = (key: string, messages: number, more: Partial<Head> = {}): Head => ({
  ...{ id: '1', topic: 'records.things', shard: 0, key, eventId: 'e', reason: 'HANDLER', tries: 1, messages, oldest: new Date(0) },
  ...more,
});

describe('what may be done with a replay', () => {
  it.each([
    ['planned', 'apply', 'running'],
    ['planned', 'cancel', 'cancelled'],
    ['planned', 'pause', undefined],
    ['running', 'pause', 'paused'],
    ['running', 'apply', undefined],
    ['running', 'cancel', 'cancelled'],
    ['paused', 'resume', 'running'],
    ['paused', 'cancel', 'cancelled'],
    ['done', 'apply', undefined],
    ['done', 'cancel', undefined],
    ['cancelled', 'resume', undefined],
  ] as const)('%s, %s: %s', (state, act, next) => expect(stateAfter(state, act)).toBe(next));
  it('is told', () => expect([possibleIn('planned'), possibleIn('running'), possibleIn('done')]).toEqual([['apply', 'cancel'], ['pause', 'cancel'], []]));
});

describe('the cap', () => {
  it('takes whole keys in their order', () => {
    const { heads, messages, left } = withinCap([head('a', 3), head('b', 4), head('c', 4), head('d', 1)], 8);
    expect([heads.map(({ key }) => key), messages, left]).toEqual([['a', 'b'], 7, 5]);
  });
  it('takes of a first key that is larger than all of it as much as it allows', () => {
    const { heads, messages, left } = withinCap([head('a', 30), head('b', 1)], 10);
    expect([heads.length, messages, left]).toEqual([1, 10, 21]);
  });
});

describe('the world of a plan', () => {
  const before = worldOf([head('a', 1), head('b', 1)]);
  it.each<[string, readonly Head[]]>([
    ['another first event', [head('a', 1, { id: '2' }), head('b', 1)]],
    ['another try', [head('a', 1, { tries: 2 }), head('b', 1)]],
    ['another reason', [head('a', 1, { reason: 'CONTRACT' }), head('b', 1)]],
    ['a key more', [head('a', 1), head('b', 1), head('c', 1)]],
    ['a key less', [head('a', 1)]],
  ])('is another one with %s', (_, heads) => expect(worldOf(heads)).not.toBe(before));
  it('is the same when more parked behind', () => expect(worldOf([head('a', 9), head('b', 1)])).toBe(before));
});

describe('what is selected', () => {
  const topic = 'records.things';
  it.each([
    [{ eventId: 'e' }, 'event'],
    [{ topic, key: 'k' }, 'key'],
    [{ reason: 'HANDLER' as const }, 'reason'],
    [{ topic, reason: 'HANDLER' as const }, 'reason'],
    [{ topic, from: '2026-11-24T09:00:00+07:00', to: '2026-11-24T09:01:00+07:00' }, 'window'],
  ])('%j', (given, of) => expect(selectionOf(given)?.of).toBe(of));
  it.each([
    {},
    { topic },
    { key: 'k' },
    { eventId: 'e', topic },
    { topic, key: 'k', reason: 'HANDLER' as const },
    { topic, from: '2026-11-24T09:00:00+07:00' },
    { topic, from: '2026-11-24T09:01:00+07:00', to: '2026-11-24T09:01:00+07:00' },
    { from: '2026-11-24T09:00:00+07:00', to: '2026-11-24T09:01:00+07:00' },
  ])('not by %j', (given) => expect(selectionOf(given)).toBeUndefined());
});

it('places of a stack are functions and files of the house; the words of the error stay away', () => {
  const stack = [
    'RangeError: Nguyễn Văn An is too long',
    'and of two lines',
    '    at Nguyễn Văn An, 12 Lê Lợi',
    '    at RecordsConsumer.take (file:///opt/quan-so/apps/data/warehouse/dist/records.consumer.js:30:13)',
    '    at async /srv/x y/libs/kernel/messaging/dist/consumer.js:9:1',
    '    at process.processTicksAndRejections (node:internal/process/task_queues:103:5)',
  ].join('\n');
  expect(placesOf(stack)).toEqual([
    'RecordsConsumer.take (apps/data/warehouse/dist/records.consumer.js:30:13)',
    'async /srv/x libs/kernel/messaging/dist/consumer.js:9:1',
    'process.processTicksAndRejections (node:internal/process/task_queues:103:5)',
  ]);
  expect(placesOf(null)).toEqual([]);
});
