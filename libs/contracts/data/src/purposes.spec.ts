import { Refusal } from '@quan-so/contract';
import { DOSSIERS, demandPurpose } from './index.js';

it.each(['DOSSIER_HANDLING', 'DIRECTION', 'SUPERVISION', 'STATISTICS', 'TAX'])('dossiers may be read for %s', (purpose) => {
  expect(() => demandPurpose(DOSSIERS, purpose)).not.toThrow();
});

it.each(['statistics', 'CURIOSITY', '', undefined])('not for %s, and it is said for what they may', (purpose) => {
  const refused = ((): unknown => {
    try {
      demandPurpose(DOSSIERS, purpose);
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  expect(refused).toBeInstanceOf(Refusal);
  expect(refused).toMatchObject({
    problem: { code: 'DATA_NOT_PERMITTED', status: 403 },
    extra: { about: 'purpose', purposes: ['DOSSIER_HANDLING', 'DIRECTION', 'SUPERVISION', 'STATISTICS', 'TAX'] },
  });
});
