import { z } from 'zod';
import { handInDossier, receiveDossier } from './commands.schema.js';
import { previewDeadline, term } from './deadline.schema.js';
import { dossier } from './dossier.schema.js';
import { DOSSIER_COMMANDS, DOSSIER_STATES, dossierOperations, dossierPermissions, dossierProblems, NATIONAL_STATUSES, nationalStatusOf, OUTCOMES } from './index.js';

const takes = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;
const paths = (schema: z.ZodType, value: unknown): string[] => [...new Set(schema.safeParse(value).error?.issues.map(({ path }) => path.join('.')))];

describe('states', () => {
  // The ten of TrangThaiHoSo, and which of them each step of ours is shown as.
  it.each([
    [1, ['registered']],
    [2, ['received']],
    [3, ['refused-at-intake']],
    [4, ['processing', 'proposed', 'reviewed']],
    [5, ['incomplete-at-intake', 'awaiting-supplement']],
    [6, []],
    [7, ['withdrawn']],
    [8, ['stopped']],
    [9, ['decided']],
    [10, ['returned']],
  ])('national status %i is %j', (status, states) => {
    const shown = (Object.keys(DOSSIER_STATES) as (keyof typeof DOSSIER_STATES)[]).filter((name) => nationalStatusOf(name) === status);
    expect(shown).toEqual(states);
  });
  it('are said in two languages, as are commands and statuses', () => {
    const words = [...Object.values(DOSSIER_STATES).map(({ name }) => name), ...Object.values(DOSSIER_COMMANDS), ...Object.values(NATIONAL_STATUSES)];
    for (const { vi, en } of words) expect([vi === '', en === '', vi === en]).toEqual([false, false, false]);
    expect(OUTCOMES).toEqual(['granted', 'refused', 'notice', 'stopped', 'withdrawn']);
  });
});

describe('operations', () => {
  it('have one path and one name each', () => {
    expect(new Set(dossierOperations.map(({ method, path }) => `${method} ${path}`)).size).toBe(dossierOperations.length);
    expect(new Set(dossierOperations.map(({ id }) => id)).size).toBe(dossierOperations.length);
  });
  it('use every permission and declare every problem', () => {
    const used = dossierOperations.flatMap(({ access }) => ('permission' in access ? [access.permission] : []));
    expect(new Set(used)).toEqual(new Set(dossierPermissions));
    expect(new Set(dossierOperations.flatMap(({ problems }) => problems.map(({ code }) => code)))).toEqual(new Set([...dossierProblems.map(({ code }) => code), 'DATA_NOT_PERMITTED']));
  });
  it('of an existing dossier may be refused by the table, by the separation of duties and as absent', () => {
    for (const { kind, problems } of dossierOperations) {
      if (kind !== 'command') continue;
      expect(problems.map(({ code }) => code)).toEqual(expect.arrayContaining(['DOSSIER_NOT_FOUND', 'TRANSITION_NOT_POSSIBLE', 'SEPARATION_OF_DUTIES']));
    }
  });
  it('that show people ask for a purpose', () => {
    expect(dossierOperations.filter(({ personal }) => personal).map(({ id }) => id)).toEqual(['listDossiers', 'readDossier', 'readDossierByCode', 'readJourney']);
  });
});

describe('the example of a dossier', () => {
  it('is one that can be: open, with nothing of its end, due after fifteen working days', () => {
    const shown = z.strictObject(dossier.shape).parse((dossier.meta()?.['examples'] as unknown[] | undefined)?.[0]);
    expect(shown).toMatchObject({ state: 'processing', outcome: null, result: null, finishedAt: null, returnedAt: null });
    expect(shown.procedure.name.en).toBe('New building permit for works of grade III and IV and separate houses');
    // From Mon 05/10/2026: 6–9, 12–16, 19–23, 26.
    expect(shown.deadline?.dueAt).toBe('2026-10-26T17:00:00.000+07:00');
    for (const { command } of shown.possible) expect(Object.keys(DOSSIER_COMMANDS)).toContain(command);
  });
});

describe('what comes in', () => {
  const applicant = { kind: 'citizen', name: 'Nguyễn Thị Đặng Thử', personalNumber: '999190000010' };
  const received = { procedure: '1.013225', case: 'separate-house', channel: 'counter', summary: 'Xây nhà ở riêng lẻ', applicant };
  const handedIn = { ...received, code: 'G17.05-261005-000123', submittedAt: '2026-10-05T08:00:00+07:00', receivingUnit: 'H99.05.01', channel: undefined };

  it('is taken as the desk writes it', () => {
    expect(takes(receiveDossier, received)).toBe(true);
    const { channel: _, ...content } = handedIn;
    expect(takes(handInDossier, content)).toBe(true);
  });
  it.each([
    ['G12.05-261005-000123', true],
    ['HKD-202610050001', true],
    ['999190000010', false],
    ['HKD-999190000010', false],
    ['HKD/999190000010-1', false],
    ['A999190000010', false],
    ['HKD-999.190.000.010', false],
    ['000.00.15.H56-180420-0012', true],
    ['HKD-9991900000100', true],
  ])('the code %s of a sender: %p', (code, taken) => {
    const { channel: _, ...content } = handedIn;
    expect(takes(handInDossier, { ...content, code })).toBe(taken);
  });
  it.each([
    ['2026-10-05T08:00:00+15:59', true],
    ['2026-10-05T08:00:00.123456789-12:00', true],
    ['2026-10-05T08:00:00+16:00', false],
    ['2026-10-05T08:00:00-00:00', false],
    ['2026-10-05T08:00:00.1234567891Z', false],
  ])('the instant %s: %p', (submittedAt, taken) => {
    const { channel: _, ...content } = handedIn;
    expect(takes(handInDossier, { ...content, submittedAt })).toBe(taken);
  });
  it.each([
    ['a field nobody knows', { ...received, urgent: true }, ''],
    ['online paper', { ...received, channel: 'online' }, 'channel'],
    ['a number of eleven digits', { ...received, applicant: { ...applicant, personalNumber: '99919000001' } }, 'applicant.personalNumber'],
    ['a hidden character', { ...received, summary: 'Xây nhà\u202e' }, 'summary'],
    ['a line break', { ...received, summary: 'Xây\nnhà' }, 'summary'],
    ['more papers than fifty', { ...received, papers: Array.from({ length: 51 }, () => ({ name: 'Đơn', originals: 1, copies: 0 })) }, 'papers'],
  ])('is refused with %s', (_what, body, path) => expect(paths(receiveDossier, body)).toEqual([path]));
});

describe('a deadline in question', () => {
  const at = { receivedAt: '2026-10-05T09:00:00+07:00' };
  it.each([
    [{ unit: 'working-days', value: 3 }, true],
    [{ unit: 'months', value: 1, cutoff: { time: '15:00', effect: 'next-working-day' } }, true],
    [{ unit: 'end-of-day' }, true],
    [{ unit: 'end-of-day', value: 1 }, false],
    [{ unit: 'clock-hours', value: 12 }, true],
    [{ unit: 'clock-hours', value: 12, cutoff: { time: '15:00', effect: 'next-working-day' } }, false],
    [{ unit: 'working-days', value: 0 }, false],
    [{ unit: 'working-days', value: 3661 }, false],
    [{ unit: 'weeks', value: 1 }, false],
  ])('term %j: %p', (value, taken) => expect(takes(term, value)).toBe(taken));
  it('is of a procedure with its case or of a bare term, never both', () => {
    expect(takes(previewDeadline, { ...at, procedure: '1.013225', case: 'separate-house' })).toBe(true);
    expect(takes(previewDeadline, { ...at, term: { unit: 'end-of-day' } })).toBe(true);
    expect(takes(previewDeadline, { ...at, procedure: '1.013225' })).toBe(false);
    expect(takes(previewDeadline, { ...at, procedure: '1.013225', case: 'separate-house', term: { unit: 'end-of-day' } })).toBe(false);
    expect(takes(previewDeadline, at)).toBe(false);
  });
});
