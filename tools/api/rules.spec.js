/** Each rule of documents by its sentence. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { documentsOf, isDocument } from './documents.js';
import { committed, promisesOf } from './history.js';
import { acceptedOf, incompatible, lintSentences, stale } from './rules.js';

const EVENT = 'libs/contracts/data/events/vn.quanso.data.lamp-lit.v1.schema.json';
const schema = (maxLength) => JSON.stringify({ type: 'object', properties: { code: { type: 'string', maxLength } } });

describe('stale', () => {
  it('tells a document that is not written, differs, or that nobody makes any more', () => {
    expect(stale(new Map([['a.json', '1']]), new Map([['a.json', '1']]))).toEqual([]);
    const found = stale(new Map([['new.json', '1'], ['other.json', '2']]), new Map([['other.json', '1'], ['old.json', '1']]));
    expect(found).toEqual([
      expect.stringMatching(/^new\.json: chưa được ghi: .* \/ is not written: node tools\/api\/api\.js --write\.$/),
      expect.stringMatching(/^other\.json: khác với hợp đồng trong mã: .* \/ differs from the contract in the code: node tools\/api\/api\.js --write\.$/),
      expect.stringMatching(/^old\.json: không dịch vụ nào còn nói điều này; .* \/ no service says this any more; remove it: node tools\/api\/api\.js --write\.$/),
    ]);
  });
});

describe('incompatible', () => {
  const phrase = 'data/code: maxLength 40 became 20';
  const sentence = `${EVENT}: phá lời hứa cũ (${phrase}); giữ lại, hoặc lập phiên bản mới (/v2, .v2). / breaks a promise (${phrase}); keep it, or make a new major (/v2, .v2).`;
  const promised = new Map([[EVENT, [schema(10), schema(40)]]]);

  it('holds a document against every earlier version, not the last alone', () => {
    expect(incompatible(new Map([[EVENT, schema(20)]]), promised, [])).toEqual([{ path: EVENT, sentence }]);
    expect(incompatible(new Map([[EVENT, schema(40)]]), promised, [])).toEqual([]);
  });
  it('tells a document that is gone', () => {
    expect(incompatible(new Map(), promised, []).map((one) => one.sentence)).toEqual([expect.stringContaining('breaks a promise (the document is gone)')]);
  });
  it('takes a breach that was decided on with a reason, and tells a decision that nothing needs', () => {
    const decision = { document: EVENT, breach: phrase, reason: 'nobody listens yet' };
    expect(incompatible(new Map([[EVENT, schema(20)]]), promised, [decision])).toEqual([]);
    expect(incompatible(new Map([[EVENT, schema(50)]]), promised, [decision]).map((one) => one.sentence)).toEqual([expect.stringContaining(`nothing needs this decision (${phrase}); remove it.`)]);
    expect(() => acceptedOf([{ document: EVENT, breach: phrase, reason: ' ' }])).toThrow(/each decision has document, breach and reason/);
  });
});

describe('promisesOf', () => {
  it('finds every committed version of a document, also of one that is gone, and none where nothing is committed', () => {
    const root = mkdtempSync(join(tmpdir(), 'quan-so-api-'));
    const git = (...args) => spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false', ...args], { cwd: root });
    const commit = (text) => {
      mkdirSync(dirname(join(root, EVENT)), { recursive: true });
      writeFileSync(join(root, EVENT), text);
      git('add', '.');
      git('commit', '-q', '-m', 'x');
    };
    try {
      expect([promisesOf(root, EVENT), committed(root)]).toEqual([[], []]);
      git('init', '-q');
      for (const text of [schema(10), schema(40), schema(10), schema(20)]) commit(text);
      writeFileSync(join(root, EVENT), schema(30));
      expect(promisesOf(root, EVENT)).toEqual([schema(20), schema(10), schema(40)]);
      expect(committed(root)).toEqual([EVENT]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe('documentsOf', () => {
  it('writes each service and each event at its layer', () => {
    const event = { type: 'vn.quanso.data.lamp-lit.v1', layer: 'data' };
    const make = { openApiOf: ({ service, version }) => ({ service, version }), asyncApiOf: () => ({}), eventSchemaOf: ({ type }) => ({ type }), eventsTold: (publishes) => [...publishes, { type: 'vn.quanso.security.audit-entry.v1', layer: 'security' }] };
    const made = documentsOf([{ name: 'street', layer: 'data', title: { vi: 'v', en: 'e' }, operations: [], publishes: [event], consumes: [] }], make);
    expect([...made.keys()]).toEqual(['libs/contracts/data/api/street.openapi.json', 'libs/contracts/data/api/street.asyncapi.json', EVENT, 'libs/contracts/security/events/vn.quanso.security.audit-entry.v1.schema.json']);
    expect(made.get('libs/contracts/data/api/street.openapi.json')).toBe('{\n  "service": "street",\n  "version": "1"\n}\n');
    expect([...made.keys()].every(isDocument)).toBe(true);
    expect(['libs/contracts/data/src/index.ts', 'libs/contracts/data/api/notes.json', 'api/street.openapi.json'].some(isDocument)).toBe(false);
  });
});

describe('lintSentences', () => {
  it('says each rule once per document, with the first place', () => {
    const found = (code, place) => ({ code, message: 'Wrong.', path: ['paths', place], source: '/x/a.json' });
    expect(lintSentences([found('one', '/a'), found('one', '/b'), found('two', '/a')], (source) => source.slice(3))).toEqual(['a.json: one (2×) ở / at paths//a: Wrong.', 'a.json: two (1×) ở / at paths//a: Wrong.']);
  });
});
