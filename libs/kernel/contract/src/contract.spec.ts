import { z } from 'zod';
import { defineEvent, SHARDS, shardOf, topicOf } from './event.js';
import { defineOperation } from './operation.js';
import { definePermission } from './permission.js';
import { defineProblem, problemRegistry, Refusal } from './problem.js';

const words = { title: { vi: 'v', en: 'e' }, remedy: { vi: 'v', en: 'e' } };

describe('definePermission', () => {
  it('is <resource>.<verb>', () => {
    expect(definePermission('dossier.hand-in', { vi: 'v', en: 'e' }).action).toBe('dossier.hand-in');
    for (const wrong of ['dossier', 'Dossier.read', 'dossier.read.all', 'dossier.', 'dossier_read']) {
      expect(() => definePermission(wrong, { vi: 'v', en: 'e' })).toThrow(/<resource>\.<verb>/);
    }
  });
});

describe('defineProblem', () => {
  it('has a code in UPPER_SNAKE and an error status', () => {
    expect(defineProblem('NOT_FOUND', 404, words).retryable).toBe(false);
    expect(() => defineProblem('notFound', 404, words)).toThrow(/UPPER_SNAKE/);
    expect(() => defineProblem('NOT_FOUND', 200, words)).toThrow(/status/);
  });
  it('is registered once for each code', () => {
    const one = defineProblem('ONE', 400, words);
    expect(problemRegistry([one, one]).get('ONE')).toBe(one);
    expect(() => problemRegistry([one, defineProblem('ONE', 409, words)])).toThrow(/two problems with code ONE/);
  });
  it('travels in a Refusal whose message is the code alone', () => {
    const refusal = new Refusal(defineProblem('ONE', 400, words), { extra: { currentVersion: 3 } });
    expect([refusal.message, refusal.faults, refusal.extra]).toEqual(['ONE', [], { currentVersion: 3 }]);
  });
});

describe('defineEvent', () => {
  it('makes the CloudEvents type and the topic of its producer', () => {
    const event = defineEvent({ layer: 'data', name: 'record-changed', version: 1, kind: 'records', schema: z.object({}), description: '' });
    expect(event.type).toBe('vn.quanso.data.record-changed.v1');
    expect(topicOf(event.kind, 'dossiers')).toBe('records.dossiers');
    expect(Object.isFrozen(event)).toBe(true);
  });
  it.each(['', 'RecordChanged', 'record_changed', 'record-', '-record', 'record--changed', 'record-changed2', 'record changed'])('has no event with the name %p', (name) => {
    expect(() => defineEvent({ layer: 'data', name, version: 1, kind: 'records', schema: z.object({}), description: '' })).toThrow(`event ${name}: past tense in kebab case`);
  });
});

describe('shardOf', () => {
  // FNV-1a 32 of '' is 0x811c9dc5, of 'a' 0xe40c292c, of 'foobar' 0xbf9cf968 (test vectors of the FNV page).
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('is FNV-1a of %p modulo the shards', (subject, hash) => {
    expect(shardOf('records', subject)).toBe(hash % 4);
    expect(shardOf('reference', subject)).toBe(0);
  });
  it('takes any text and uses every shard', () => {
    const subjects = ['Đống Đa', '\ud800', ...Array.from({ length: 100 }, (_, n) => `hồ sơ ${n}`)];
    expect([...new Set(subjects.map((subject) => shardOf('audit', subject)))].sort()).toEqual([0, 1, 2, 3]);
  });
  // Another number would move keys between shards of topics that are in use.
  it('has numbers of shards that stay', () => expect(SHARDS).toEqual({ records: 4, audit: 4, reference: 1, missing: 1 }));
});

describe('defineOperation', () => {
  const given = { id: 'readX', service: 'x', path: '/api/x/v1/things/:id', summary: { vi: 'v', en: 'e' }, access: { public: 'vì mở' }, answer: z.object({}) };
  it('derives the method from the kind and refuses a foreign path or a GET with a body', () => {
    expect(defineOperation({ ...given, kind: 'read' }).method).toBe('GET');
    expect(defineOperation({ ...given, kind: 'command', body: z.object({}) }).method).toBe('POST');
    expect(() => defineOperation({ ...given, kind: 'read', path: '/api/y/v1/things' })).toThrow(/begins with \/api\/x\/v1\//);
    expect(() => defineOperation({ ...given, kind: 'list', body: z.object({}) })).toThrow('operation readX: a GET has no body');
    expect(() => defineOperation({ ...given, kind: 'read', body: z.object({}) })).toThrow('operation readX: a GET has no body');
    expect(() => defineOperation({ ...given, kind: 'read', path: '/x/api/x/v1/things' })).toThrow('operation readX: its path begins with /api/x/v1/');
  });
  it.each([['read', 'GET'], ['list', 'GET'], ['create', 'POST'], ['command', 'POST'], ['question', 'POST']] as const)('a %s is a %s', (kind, method) => {
    expect(defineOperation({ ...given, kind }).method).toBe(method);
  });
  it('is neither personal nor late and has no problems of its own unless it says so', () => {
    const made = defineOperation({ ...given, kind: 'read' });
    expect([made.personal, made.eventual, made.problems, Object.isFrozen(made)]).toEqual([false, false, [], true]);
    const problem = defineProblem('TWO', 409, words);
    const said = defineOperation({ ...given, kind: 'read', personal: true, eventual: true, problems: [problem] });
    expect([said.personal, said.eventual, said.problems]).toEqual([true, true, [problem]]);
  });
});
