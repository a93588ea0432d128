import { actOf, actsWith, possibleWords, roleWords, stepFor } from './dossier.rules.js';
import { findTransition } from './dossier.transitions.js';
import { after, received, STAFF, thrownRefusal, type Told } from './spec/given.fixture.js';

const ASSIGNED: Told = ['head', '05/10 14:00', { name: 'assign', specialist: 'specialist' }];
const ended = after(received('05/10 09:00'), [['clerk', '05/10 10:00', { name: 'withdraw', reason: 'Không xây nữa' }]]);

describe('a refusal in words', () => {
  it('says that nothing is possible any more', () => {
    const { detail, extra } = thrownRefusal(() => stepFor(ended, 'assign', undefined, STAFF.head));
    expect(detail?.vi).toMatch(/: người gọi không thể phân công\. Hồ sơ đã kết thúc\.$/);
    expect(detail?.en).toMatch(/: the caller cannot .+\. It has ended\.$/);
    expect(extra).toMatchObject({ state: 'withdrawn', command: 'assign', possible: [] });
  });
  it('parts commands by semicolons and roles by commas, in both languages', () => {
    const { detail, extra } = thrownRefusal(() => stepFor(received('05/10 09:00'), 'decide', 'signed', STAFF.lead));
    expect(detail?.vi).toBe('Hồ sơ đang ở bước "Đã tiếp nhận, chờ phân công": người gọi không thể ký. Lúc này làm được: phân công (Trưởng phòng, lãnh đạo phòng, Chủ tịch, Phó Chủ tịch UBND); rút hồ sơ (Cán bộ tiếp nhận (một cửa)).');
    const possible = extra['possible'] as { name: { en: string }; roles: { name: { en: string } }[] }[];
    const list = possible.map(({ name, roles }) => `${name.en} (${roles.map((role) => role.name.en).join(', ')})`);
    expect(list).toHaveLength(2);
    expect(detail?.en).toMatch(new RegExp(`\\. Possible now: ${list.map((text) => text.replace(/[()]/g, '\\$&')).join('; ')}\\.$`));
  });
  it('of separated duties names both acts and why', () => {
    const drafted = after(received('05/10 09:00'), [['head', '05/10 14:00', { name: 'assign', specialist: 'everything' }], ['everything', '12/10 10:00', { name: 'propose', outcome: 'granted', reason: 'Đã thẩm định' }]]);
    const { problem, extra, detail } = thrownRefusal(() => stepFor(drafted, 'review', 'approved', STAFF.everything));
    expect([problem.code, extra]).toEqual(['SEPARATION_OF_DUTIES', { separation: 'OWN_DRAFT_REVIEWED', acts: ['dossier.propose', 'dossier.review'] }]);
    expect(detail?.vi).not.toBe('');
  });
});

it('a step is taken in the position that may: the desk where it was received, others where it is decided', () => {
  const state = received('05/10 09:00');
  expect(stepFor(state, 'withdraw', undefined, STAFF.clerk).by).toEqual({ role: 'desk-clerk', unit: 'H99.05.01' });
  expect(stepFor(state, 'assign', undefined, STAFF.everything).by).toEqual({ role: 'division-head', unit: 'H99.05' });
  expect(stepFor(after(state, [ASSIGNED]), 'propose', undefined, STAFF.specialist).by).toEqual({ role: 'specialist', unit: 'H99.05' });
});

it('acts are kept once for each person and action', () => {
  const first = { action: 'dossier.review', actor: 'a' };
  expect(actsWith([], first)).toEqual([first]);
  expect(actsWith([first], { ...first })).toEqual([first]);
  expect(actsWith([first], { ...first, actor: 'b' })).toEqual([first, { ...first, actor: 'b' }]);
  expect(actsWith([first], { ...first, action: 'dossier.decide' })).toEqual([first, { ...first, action: 'dossier.decide' }]);
});

it('asking for papers is drafting where the notice is the result, and nowhere else', () => {
  const row = (from: 'processing', command: 'request-supplement' | 'propose', variant: 'pause' | 'result' | undefined) => {
    const found = findTransition(from, command, variant);
    if (found === undefined) throw new Error(`no row ${command} ${variant}`);
    return actOf(found);
  };
  expect([row('processing', 'request-supplement', 'result'), row('processing', 'request-supplement', 'pause'), row('processing', 'propose', undefined)]).toEqual(['dossier.propose', 'dossier.request-supplement', 'dossier.propose']);
});

it('a role is said in words, and one that an authority invents by its code', () => {
  expect(roleWords('desk-clerk').vi).toBe('Cán bộ tiếp nhận (một cửa)');
  expect(roleWords('canteen')).toEqual({ vi: 'canteen', en: 'canteen' });
});

it('what is possible names each command once with its roles', () => {
  expect(possibleWords('received').map(({ command, name, roles }) => [command, name.vi, roles.map(({ code }) => code)])).toEqual([
    ['assign', 'phân công', ['division-head', 'authority-lead']],
    ['withdraw', 'rút hồ sơ', ['desk-clerk']],
  ]);
  expect(possibleWords('returned')).toEqual([]);
});
