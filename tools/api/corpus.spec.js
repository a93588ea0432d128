/** Each sentence about the golden corpus, on an event that exists nowhere else. */
import { corpusSentences, isGolden, seenIn } from './corpus.js';

const SCHEMA = 'libs/contracts/data/events/vn.quanso.data.lamp-lit.v1.schema.json';
const place = (name) => `libs/contracts/data/corpus/vn.quanso.data.lamp-lit.v1/${name}.json`;
const schema = JSON.stringify({
  type: 'object',
  properties: { lamp: { type: 'string', maxLength: 5 }, by: { anyOf: [{ type: 'string' }, { type: 'null' }] }, note: { type: 'string' } },
  required: ['lamp', 'by'],
});
const event = (data, type = 'vn.quanso.data.lamp-lit.v1') => JSON.stringify({ type, data });
const whole = new Map([[place('noted'), event({ lamp: 'a', by: null, note: 'x' })], [place('bare'), event({ lamp: 'a', by: 'Lan' })]]);
const told = (corpus, committed = () => [], schemas = new Map([[SCHEMA, schema]])) => corpusSentences(schemas, new Map(corpus), committed);

it('has nothing to say of a corpus that shows every member', () => expect(told(whole, (path) => [whole.get(path)])).toEqual([]));
it('tells a type without a golden event', () => expect(told([])).toEqual([expect.stringMatching(/^libs\/contracts\/data\/events\/vn\.quanso\.data\.lamp-lit\.v1\.schema\.json: loại sự kiện này chưa có sự kiện mẫu; thêm vào libs\/contracts\/data\/corpus\/vn\.quanso\.data\.lamp-lit\.v1\/\. \/ this type of event has no golden event; add one\.$/)]));
it('tells an old event that today’s schema refuses', () => {
  expect(told([...whole, [place('long'), event({ lamp: 'abcdef', by: null })]])).toEqual([expect.stringContaining(`${place('long')}: lược đồ hôm nay không còn nhận sự kiện cũ này (/lamp must NOT have more than 5 characters)`)]);
});
it('tells an event in the folder of another type', () => expect(told([...whole, [place('other'), event({ lamp: 'a', by: null }, 'x')]])).toEqual([expect.stringContaining('is not of type vn.quanso.data.lamp-lit.v1.')]));
it('tells what no golden event shows', () => {
  expect(told([[place('bare'), event({ lamp: 'a', by: 'Lan' })]])).toEqual([expect.stringContaining('there is no golden event in which /by is null.'), expect.stringContaining('in which /note is there.')]);
  expect(told([[place('noted'), event({ lamp: 'a', by: null, note: 'x' })]])).toEqual([expect.stringContaining('in which /by is not null.'), expect.stringContaining('in which /note is absent.')]);
});
it('tells an event that was changed after it had been committed', () => expect(told(whole, (path) => (path === place('bare') ? ['{}', whole.get(path)] : []))).toEqual([expect.stringContaining(`${place('bare')}: sự kiện cũ đã bị sửa`)]));
it('tells golden events of a type that nobody tells', () => expect(told(whole, () => [], new Map())).toEqual([expect.stringContaining('no service tells this type any more')]));
it('looks into lists', () => expect(seenIn({ items: { properties: { unit: {} }, required: [] } }, [[{ unit: 'x' }]])).toEqual(['/*/unit is absent']));
it('knows its files', () => expect([place('a'), 'libs/contracts/data/corpus/readme.md', 'libs/contracts/data/corpus/x/A.json'].map(isGolden)).toEqual([true, false, false]));
