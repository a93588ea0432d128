import { breachesOf, claimsOf, rowsWithoutId } from './claims.js';

const known = { steps: ['upgrade'], stages: ['lint'], seen: ['upgrade'], isFile: (/** @type {string} */ path) => path === 'a.spec.js' };
const list = { upgrade: 'cluster:upgrade', lint: 'charts:lint', made: 'spec:a.spec.js', later: 'unproven' };
const text = 'No request fails ‹upgrade›.\n\n| a | b ‹lint› |\n| c | d ‹made› |\n\n- later, unproven ‹later›\n';

it('reads ids with the row, item or paragraph they stand in', () => {
  expect(claimsOf('R', text)).toEqual([
    { readme: 'R', id: 'upgrade', said: 'No request fails ‹upgrade›.' },
    { readme: 'R', id: 'lint', said: '| a | b ‹lint› |' },
    { readme: 'R', id: 'made', said: '| c | d ‹made› |' },
    { readme: 'R', id: 'later', said: '- later, unproven ‹later›\n' },
  ]);
});

it('has nothing to say when both sides fit', () => {
  expect(breachesOf(claimsOf('R', text), list, known)).toEqual([]);
});

it.each([
  ['a claim that nothing is said of', `${text}\nMore ‹more›.`, list, known, '‹more› is not in'],
  ['an id that nobody claims', text, { ...list, gone: 'unproven' }, known, 'gone: no README'],
  ['a step that is not there', text, { ...list, lint: 'cluster:lin' }, known, 'lint: cluster:lin is not there'],
  ['a stage that is not there', text, { ...list, lint: 'charts:lin' }, known, 'lint: charts:lin is not there'],
  ['a test that is not there', text, { ...list, made: 'spec:b.spec.js' }, known, 'made: spec:b.spec.js is not there'],
  ['a step that nobody saw', text, list, { ...known, seen: [] }, '‹upgrade› is not shown by anything yet'],
  ['unproven, and not said so', text.replace('unproven ', ''), list, known, '‹later› is not shown by anything yet'],
  ['shown, and still called unproven', text.replace('fails', 'fails (unproven)'), list, known, '‹upgrade› is shown by cluster:upgrade'],
  ['a step that shows nothing', text, list, { ...known, steps: ['upgrade', 'tour'] }, 'the step tour shows no claim'],
])('says %s', (_, said, listed, of, sentence) => {
  expect(breachesOf(claimsOf('R', said), listed, of).map(({ en }) => en)).toEqual([expect.stringContaining(sentence)]);
});

it('asks an id of every row of the second day and of every item about a cluster', () => {
  const rows = '# x\n\n## Day two\n\n| want | do |\n| --- | --- |\n| a | b ‹a› |\n| c | d |\n\n## Tests\n\n| e | f |\n\n## On a cluster\n\n- g ‹g›\n- h\n';
  expect(rowsWithoutId(rows)).toEqual(['| c | d |', '- h']);
});
