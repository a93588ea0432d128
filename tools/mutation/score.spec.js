import { LEAST, line, scoresOf, tooLow, untried } from './score.js';

const mutants = (...states) => ({ mutants: states.map((status) => ({ status })) });

it('counts what was found by file and by group; what was ignored or did not compile does not count', () => {
  const { files, groups } = scoresOf({
    files: {
      'libs/kernel/language/src/b.ts': mutants('Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored', 'CompileError'),
      'libs/kernel/language/src/a.ts': mutants('Killed', 'Killed'),
      'apps/data/catalog/src/x.rules.ts': mutants('Survived', 'Killed', 'Killed'),
      'libs/kernel/contract/src/text.ts': mutants('Ignored'),
    },
  });
  expect(files).toEqual([
    { name: 'apps/data/catalog/src/x.rules.ts', found: 2, all: 3, score: 66.6 },
    { name: 'libs/kernel/language/src/a.ts', found: 2, all: 2, score: 100 },
    { name: 'libs/kernel/language/src/b.ts', found: 2, all: 4, score: 50 },
  ]);
  expect(groups.map(line)).toEqual([' 66.6 %         2/3  *.rules.ts', '100.0 %         0/0  libs/kernel/contract', ' 66.6 %         4/6  libs/kernel/language']);
});

it('a group needs 85 of a hundred, a file 80', () => {
  const score = (name, found) => ({ name, found, all: 1_000, score: found / 10 });
  const [good, low] = [score('a', 850), score('b', 849)];
  const [whole, half] = [score('c', 800), score('d', 799)];
  expect(LEAST).toEqual({ group: 85, file: 80 });
  expect(tooLow({ groups: [good], files: [whole] })).toEqual([]);
  expect(tooLow({ groups: [good, low], files: [whole, half] })).toEqual([low, half]);
});

it('a mutant that no test was run for is not one that survived', () => {
  const mutant = (status, coveredBy, testsCompleted) => ({ status, coveredBy, testsCompleted });
  const report = { files: { 'a.ts': { mutants: [mutant('Survived', ['1'], 0), mutant('Survived', ['1'], 1), mutant('Survived', [], 0), mutant('Killed', ['1'], 0)] } } };
  expect(untried(report)).toBe(1);
});
