import { defineProblem, Refusal } from '@quan-so/contract';
import { problemBody } from './problem-body.js';
import { problemDocument } from './problem-answer.js';

const LAMP_BROKEN = defineProblem('LAMP_BROKEN', 409, { title: { vi: 'Đèn hỏng', en: 'The lamp is broken' }, remedy: { vi: 'Sửa đèn.', en: 'Mend it.' } });
const faults = [{ pointer: '/body/lamp', code: 'WRONG_TYPE', detail: { vi: 'Phải là chuỗi.', en: 'Must be a string.' } }];
const REQUEST = '01997e3c-8f00-7000-8000-000000000001';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('problemBody', () => {
  it.each([
    ['a plain refusal', new Refusal(LAMP_BROKEN)],
    ['one with faults and a detail', new Refusal(LAMP_BROKEN, { faults, detail: { vi: 'Riêng lần này.', en: 'This time.' } })],
  ])('declares every member the door writes: %s', (_, refusal) => {
    for (const language of ['vi', 'en'] as const) {
      const written = JSON.parse(JSON.stringify(problemDocument(refusal, language, REQUEST, TRACE))) as unknown;
      expect(problemBody.strict().safeParse(written)).toMatchObject({ success: true });
      expect(written).toMatchObject({ type: '/problems/LAMP_BROKEN', title: LAMP_BROKEN.title[language] });
    }
  });
  it('leaves room for what a problem adds, and refuses one without its code', () => {
    const written = problemDocument(new Refusal(LAMP_BROKEN, { extra: { possible: ['mend'] } }), 'vi', REQUEST, TRACE);
    expect(problemBody.loose().parse(written)).toMatchObject({ possible: ['mend'] });
    expect(problemBody.safeParse({ ...written, code: undefined }).success).toBe(false);
  });
});
