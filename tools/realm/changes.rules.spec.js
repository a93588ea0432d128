import { filled, firstPasswords, newPeople, says, seededOf, seededWith, SEEDED, settingsOf } from './changes.rules.js';

const person = (username) => ({ username, enabled: true, firstName: username, attributes: {}, realmRoles: [] });
const none = { people: [], passwords: [] };

it('takes the settings of a realm, not its objects', () => {
  expect(settingsOf({ realm: 'r', accessTokenLifespan: 600, roles: {}, clients: [], scopeMappings: [], users: [], components: {} })).toEqual({ realm: 'r', accessTokenLifespan: 600 });
});

it('puts the environment where the realm asks for it, also what JSON would misread, and else what stands there', () => {
  const realm = { uris: ['${ORIGIN:http://127.0.0.1}/*'], label: '${username}' };
  expect(filled(realm, { ORIGIN: 'https://a.example' })).toEqual({ uris: ['https://a.example/*'], label: '${username}' });
  expect(filled(realm, {}).uris).toEqual(['http://127.0.0.1/*']);
  expect(filled(realm, { ORIGIN: 'a"b\\' }).uris).toEqual(['a"b\\/*']);
});

it.each([
  ['more than is wanted', { a: 1, b: 2 }, { a: 1 }, true],
  ['another value', { a: 1 }, { a: 2 }, false],
  ['nothing', undefined, { a: 1 }, false],
  ['null for an object', null, { a: 1 }, false],
  ['a list in another order', ['a', 'b'], ['b', 'a'], false],
  ['a longer list', ['a', 'b'], ['a'], false],
  ['text for a list', 'a', ['a'], false],
  ['the same, deep', { a: [{ b: { c: 'x' }, d: 1 }] }, { a: [{ b: { c: 'x' } }] }, true],
])('sees %s', (_, there, wanted, same) => expect(says(there, wanted)).toBe(same));

it('makes who is new, never who was made before and is gone, never a system', () => {
  const wanted = [person('a'), person('b'), person('c'), { ...person('service-account-s'), serviceAccountClientId: 's' }];
  expect(newPeople(wanted, ['a'], { people: ['b'], passwords: [] }).map(({ username }) => username)).toEqual(['c']);
});

it('gives a first password once: to who is there, has none and never had one of ours', () => {
  const there = ['a', 'b', 'c', 'd'].map((username) => ({ username, hasPassword: username === 'b' }));
  expect(firstPasswords(there, { a: '1', b: '2', c: '3' }, { people: [], passwords: ['c'] })).toEqual(['a']);
});

it('remembers with the realm whom it made and gave', () => {
  const now = seededWith({ people: ['b'], passwords: ['x'] }, { people: ['a', 'b'] });
  expect(now).toEqual({ people: ['a', 'b'], passwords: ['x'] });
  expect(seededOf({ attributes: { [SEEDED]: JSON.stringify(now) } })).toEqual(now);
  expect([seededOf(undefined), seededOf({ attributes: {} })]).toEqual([none, none]);
});
