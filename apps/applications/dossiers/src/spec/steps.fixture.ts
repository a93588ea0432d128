import { AssignDossier, ProposeResult, ReceiveDossier, RequestSupplement, ReviewDraft, type DossierView } from '@quan-so/contracts-applications';
import { house, type House, type Who } from './house.fixture.js';

/** Which dossier a step is on, at the version that was seen. */
export const on = ({ id, version }: DossierView) => ({ params: { dossierId: id }, ifMatch: version });

/** The steps that stories have in common; the house opens later than they are named. */
export function stepsIn(h: () => House) {
  return {
    receive: async (body: object = house, who: Who = 'clerk'): Promise<DossierView> => (await h().as(who).call(ReceiveDossier, { body: body as typeof house })).body,
    assign: async (dossier: DossierView, specialist = 'specialist'): Promise<DossierView> => (await h().as('head').call(AssignDossier, { ...on(dossier), body: { specialist } })).body,
    ask: async (dossier: DossierView): Promise<DossierView> => (await h().as('specialist').call(RequestSupplement, { ...on(dossier), body: { missing: ['Bản vẽ mặt cắt'], reason: 'Thiếu bản vẽ' } })).body,
    propose: async (dossier: DossierView, outcome: 'granted' | 'refused' = 'granted'): Promise<DossierView> =>
      (await h().as('specialist').call(ProposeResult, { ...on(dossier), body: { outcome, reason: 'Đã thẩm định' } })).body,
    review: async (dossier: DossierView): Promise<DossierView> => (await h().as('head').call(ReviewDraft, { ...on(dossier), body: { verdict: 'approved' } })).body,
  };
}
