import { imagesApart, openIn, unsteadyIn, untestedOf, unwrittenOf } from './sources.js';

describe('what a template must not ask', () => {
  it.each([
    ['{{ lookup "v1" "Secret" "a" "b" }}', ['lookup']],
    ['a: {{ randAlphaNum 8 | quote }}', ['randAlphaNum']],
    ['{{- $x := (now | date "2006") }}', ['date']],
    ['{{- /* no lookup here */}}\nname: {{ .Values.lookup_ }}', []],
    ['{{ fail "lookup is refused" }}', []],
    ['{{ required "x" .Values.a }} now and then', []],
  ])('%s', (text, expected) => expect(unsteadyIn(text)).toEqual(expected));
});

it('every template but helpers and notes has a test', () => {
  expect(untestedOf(['templates/a.yaml', 'templates/_b.tpl', 'templates/NOTES.txt', 'templates/tests/c.yaml'], 'templates: [templates/a.yaml]')).toEqual(['templates/tests/c.yaml']);
});

it('a schema names everything that it takes', () => {
  const closed = { type: 'object', additionalProperties: false };
  expect(openIn({ ...closed, properties: { a: { type: 'object' }, b: { type: 'array', items: { type: 'object' } }, c: closed, d: { type: 'object', additionalProperties: { type: 'string' } } } })).toEqual(['/properties/a', '/properties/b/items']);
});

it('what may be set is written down', () => {
  const schema = { properties: { a: {}, b: { properties: { c: {}, d: {} } }, e: { properties: { f: {} } } } };
  expect(unwrittenOf(schema, { a: 1, b: { c: 2 }, e: {} })).toEqual(['b.d']);
  expect(unwrittenOf(schema, { b: { c: 1, d: 1 }, e: { f: 1 } })).toEqual(['a']);
});

it('charts run the images of the bundle and no others', () => {
  const tags = { a: '1', b: '2' };
  expect(imagesApart(['r/quan-so/a:1', 'r/quan-so/b:2', 'r/quan-so/a:1'], 'r', tags, ['a', 'b'])).toEqual([]);
  expect(imagesApart(['r/quan-so/a:2', 'r/x:1'], 'r', tags, ['a', 'b']).map((said) => said.split(': ')[0])).toEqual(['r/quan-so/a:2', 'r/x:1', 'r/quan-so/a:1', 'r/quan-so/b:2']);
});
