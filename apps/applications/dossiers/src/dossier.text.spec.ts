import { cut, local, withoutNumbers } from './dossier.text.js';

it.each([
  ['Số 999190000010 của bà Thử', 'Số *********010 của bà Thử'],
  ['999 190 000 010', '*********010'],
  ['999.190.000.010, 999190000011', '*********010, *********011'],
  ['999-190-000-010', '*********010'],
  ['Số ９９９１９００００１２３', 'Số *********１２３'],
  ['Thửa 12, tờ 3', 'Thửa 12, tờ 3'],
  ['1234567890123', '1234567890123'],
  ['Vốn 150.000.000.000 đồng', 'Vốn 150.000.000.000 đồng'],
  ['H99.05.01-261005-0001', 'H99.05.01-261005-0001'],
])('numbers are hidden: %s', (text, shown) => expect(withoutNumbers(text)).toBe(shown));

it('instants are written with +07:00', () => {
  expect(local('2026-10-05T02:00:00.000Z')).toBe('2026-10-05T09:00:00+07:00');
});

it.each([
  ['ngắn', 10, 'ngắn'],
  ['một hai ba', 4, 'một'],
  ['ab😀', 3, 'ab'],
])('texts are cut between characters: %s at %i', (text, max, kept) => expect(cut(text, max)).toBe(kept));
