import { HandInDossier, ReceiveDossier } from '@quan-so/contracts-applications';
import { house, House, household, problemOf, SEED, setClock, type Who } from './spec/house.fixture.js';

/** Codes of one desk and day: unique and without gaps, whatever happens at the same time. */

let h: House;
beforeAll(async () => {
  h = await House.open();
  await h.publish(SEED);
  // What goes wrong after the serial was taken: the step of some dossiers cannot be written.
  await h.owner.dataSource.query(`
    CREATE FUNCTION fails_on_purpose() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.document ->> 'summary' = 'Hỏng giữa chừng' THEN RAISE EXCEPTION 'on purpose'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fails_on_purpose BEFORE INSERT ON dossier_history FOR EACH ROW EXECUTE FUNCTION fails_on_purpose()`);
});
afterAll(() => h.close());

const FAILS = 'Hỏng giữa chừng';
const receive = async (summary: string, who: Who = 'clerk'): Promise<string> => (await h.as(who, summary === FAILS ? 0 : 5).call(ReceiveDossier, { body: { ...house, summary } })).body.code;
const serials = (codes: readonly string[]): number[] => codes.map((code) => Number(code.slice(-4))).sort((a, b) => a - b);
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

it('fifty at once have the serials 1 to 50, each its own', async () => {
  setClock('05/10 09:00:00');
  const codes = await Promise.all(upTo(50).map((n) => receive(`Hồ sơ ${n}`)));
  expect(codes.every((code) => /^H99\.05\.01-261005-\d{4}$/.test(code))).toBe(true);
  expect(serials(codes)).toEqual(upTo(50));
});

it('what fails half-way leaves no gap', async () => {
  setClock('06/10 09:00:00');
  const all = await Promise.allSettled(upTo(50).map((n) => receive(n % 3 === 0 ? FAILS : `Hồ sơ ${n}`)));
  const codes = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(serials(codes)).toEqual(upTo(34));
  const [left] = await h.database.sql<{ count: number }>('test-left', `SELECT count(*)::int AS count FROM dossier WHERE document ->> 'summary' = 'Hỏng giữa chừng'`);
  expect(left?.count).toBe(0);
});

it('each desk and each day counts for itself', async () => {
  setClock('07/10 23:59:59');
  expect([await receive('a'), await receive('b'), await receive('c', 'clerk2')]).toEqual(['H99.05.01-261007-0001', 'H99.05.01-261007-0002', 'H99.05.02-261007-0001']);
  setClock('08/10 00:00:00');
  expect(await receive('d')).toBe('H99.05.01-261008-0001');
});

it('a code that a system brought along is passed over, not given twice', async () => {
  setClock('09/10 09:00:00');
  const { channel: _, ...content } = household;
  const foreign = (serial: string) => h.as('ministry').call(HandInDossier, { body: { ...content, code: `H99.05.01-261009-${serial}`, submittedAt: '2026-10-09T08:00:00+07:00', receivingUnit: 'H99.05.01' } });
  await Promise.all([foreign('0001'), foreign('0003'), foreign('0004')]);
  expect([await receive('a'), await receive('b')]).toEqual(['H99.05.01-261009-0002', 'H99.05.01-261009-0005']);
  expect(await problemOf(foreign('0002'))).toMatchObject({ code: 'SENDER_CODE_TAKEN' });
});

it('the serial widens and never begins anew', async () => {
  setClock('12/10 09:00:00');
  await receive('a');
  await h.owner.sql('test-far', `UPDATE code_counter SET last = 9999 WHERE unit = 'H99.05.01' AND day = '2026-10-12'`);
  expect(await receive('b')).toBe('H99.05.01-261012-10000');
});
