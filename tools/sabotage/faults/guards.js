/** Promises about who may: tokens, scopes, purposes, separation of duties, and about what never leaves. */

const TOKEN = 'libs/kernel/auth/src/token.rules.ts';
const TOKEN_SPEC = 'libs/kernel/auth/src/verifier.int.spec.ts';
const PERMITS = 'libs/kernel/auth/src/permits.ts';
const PERMITS_SPEC = 'libs/kernel/auth/src/permits.spec.ts';
const HTTP = 'libs/kernel/http/src';
const DOSSIERS = 'apps/applications/dossiers/src';
const WAREHOUSE = 'apps/data/warehouse/src';

/** @type {readonly import('../sabotage.js').Fault[]} */
export const guards = [
  {
    ...{ name: 'audience-unchecked', promise: 'a token of another service is refused' },
    ...{ file: TOKEN, text: "[claims['aud']].flat().includes(audience)),", fault: "[claims['aud']].flat().length > 0 || audience === ''),"},
    ...{ spec: TOKEN_SPEC, test: 'forged and odd tokens another service’s token' },
  },
  {
    ...{ name: 'expiry-unchecked', promise: 'a token that has ended is refused' },
    ...{ file: TOKEN, text: "!isTime(claims['exp']) || now < claims['exp']),", fault: "!isTime(claims['exp']) || now > 0),"},
    ...{ spec: TOKEN_SPEC, test: 'forged and odd tokens an end in the past' },
  },
  {
    ...{ name: 'algorithm-unchecked', promise: 'a token with an algorithm of its sender’s choice is refused' },
    ...{ file: TOKEN, text: "header['alg'] === 'RS256'),", fault: "typeof header['alg'] === 'string'),"},
    ...{ spec: TOKEN_SPEC, test: 'forged and odd tokens alg none, signed all the same' },
  },
  {
    ...{ name: 'position-without-role', promise: 'a position counts only while its account holds the role' },
    ...{ file: TOKEN, text: '.filter((position) => roles.has(position.role))', fault: '.filter((position) => roles.size >= 0 && position.role)' },
    ...{ spec: TOKEN_SPEC, test: 'good tokens make the actor; a position counts only with its realm role' },
  },
  {
    ...{ name: 'unit-without-dot', promise: 'H99.05 does not reach H99.050' },
    ...{ file: PERMITS, text: 'return unit === tree || unit.startsWith(`${tree}.`);', fault: 'return unit === tree || unit.startsWith(tree);' },
    ...{ spec: PERMITS_SPEC, test: 'contains H99.05 contains H99.050: false' },
  },
  {
    ...{ name: 'scope-guard-removed', promise: 'a right reaches no further than its scope' },
    ...{ file: PERMITS, text: 'return units.some((unit) => contains(by.unit, unit));', fault: 'return true;' },
    ...{ spec: PERMITS_SPEC, test: 'with grants head@H99.05 on {"unit":"H99"}: false' },
  },
  {
    ...{ name: 'absent-is-shown', promise: 'a dossier outside the caller’s units is absent' },
    ...{ file: `${DOSSIERS}/dossiers.reader.ts`, text: 'if (state === undefined || !reaches(actor, DOSSIER_READ, state)) return undefined;', fault: 'if (state === undefined) return undefined;' },
    ...{ spec: `${DOSSIERS}/dossiers.int.spec.ts`, test: 'who may outside the units of the caller a dossier is absent, to steps and to reads' },
  },
  {
    ...{ name: 'another-unit-acts', promise: 'a role acts in its own unit' },
    ...{ file: `${DOSSIERS}/dossier.rules.ts`, text: 'isWithin(unit, DESK_ROLES.includes(role) ? state.receivingUnit : state.unit) &&', fault: '' },
    ...{ spec: `${DOSSIERS}/dossier.rules.spec.ts`, test: 'who acts a head of another unit is told what is possible and by whom' },
  },
  {
    ...{ name: 'unassigned-specialist-acts', promise: 'a specialist touches only what is assigned' },
    ...{ file: `${DOSSIERS}/dossier.rules.ts`, text: "(role !== 'specialist' || state.assignee === actor.username),", fault: 'true,' },
    ...{ spec: `${DOSSIERS}/dossier.rules.spec.ts`, test: 'who acts a specialist to whom it is not assigned is told what is possible and by whom' },
  },
  {
    ...{ name: 'separation-guard-removed', promise: 'nobody reviews or signs what they drafted' },
    ...{ file: `${DOSSIERS}/dossier.rules.ts`, text: 'if (broken !== undefined) throw separated(broken);', fault: '' },
    ...{ spec: `${DOSSIERS}/dossier.rules.spec.ts`, test: 'who acts nobody reviews their own draft' },
  },
  {
    ...{ name: 'two-persons-not-asked', promise: 'reference data takes two persons' },
    ...{ file: 'apps/data/catalog/src/proposal.rules.ts', text: 'if (broken !== undefined) throw new Refusal(PROPOSAL_SAME_PERSON, { detail: broken.why, extra: { separation: broken.code } });', fault: '' },
    ...{ spec: 'apps/data/catalog/src/proposal.rules.spec.ts', test: 'is published by somebody else, and says why' },
  },
  {
    ...{ name: 'purpose-unchecked', promise: 'data are read for a purpose of their dataset only' },
    ...{ file: 'libs/contracts/data/src/purposes.ts', text: 'if (dataset.purposes.some(({ code }) => code === purpose)) return;', fault: 'if (dataset.purposes.length > 0) return;' },
    ...{ spec: 'libs/contracts/data/src/purposes.spec.ts', test: 'not for CURIOSITY, and it is said for what they may' },
  },
  {
    ...{ name: 'owner-asks-no-purpose', promise: 'a dossier is read at its owner for the purposes of the warehouse alone' },
    ...{ file: `${DOSSIERS}/dossiers.reader.ts`, text: 'demandPurpose(DOSSIERS, call.purpose);', fault: '' },
    ...{ spec: `${DOSSIERS}/reading.int.spec.ts`, test: 'what is told no purpose, no reading, nor for one that the warehouse would refuse' },
  },
  {
    ...{ name: 'warehouse-scope-removed', promise: 'a ward reads no record of another ward' },
    ...{ file: `${WAREHOUSE}/permitted.rules.ts`, text: 'return units.some((unit) => scope.exactUnits.includes(unit) || scope.units.some((tree) => contains(tree, unit)));', fault: 'return units.length > 0;' },
    ...{ spec: `${WAREHOUSE}/permitted.rules.spec.ts`, test: 'one unit in scope is enough' },
  },
  {
    ...{ name: 'cursor-unsigned', promise: 'a cursor serves the list, filters and caller it was made for' },
    ...{ file: `${HTTP}/cursor.ts`, text: 'if (!same || more !== undefined', fault: 'if (more !== undefined' },
    ...{ spec: `${HTTP}/cursor.spec.ts`, test: 'a cursor is refused with another person' },
  },
  {
    ...{ name: 'duplicate-keys-pass', promise: 'a body means the same to every reader' },
    ...{ file: `${HTTP}/json-body.ts`, text: 'if (object.keys?.has(key)) refuse(DUPLICATE_KEY, open);', fault: '' },
    ...{ spec: `${HTTP}/json-body.spec.ts`, test: 'readJson refuses a duplicate key' },
  },
  {
    ...{ name: 'number-typed-into-a-title', promise: 'no personal number in what the data layer keeps' },
    ...{ file: `${WAREHOUSE}/record.rules.ts`, text: 'title: masked(data.title),', fault: 'title: data.title,' },
    ...{ spec: `${WAREHOUSE}/record.rules.spec.ts`, test: 'versionOf masks personal numbers that somebody typed into a text' },
  },
  {
    ...{ name: 'number-unmasked', promise: 'no answer holds a personal number' },
    ...{ file: `${DOSSIERS}/intake.service.ts`, text: 'personalNumberMasked: personalNumber === undefined ? null : maskPersonalNumber(personalNumber),', fault: 'personalNumberMasked: personalNumber ?? null,' },
    ...{ spec: `${DOSSIERS}/reading.int.spec.ts`, test: 'what is told never a personal number: not in answers, events, traces or what is searched, whichever text it was typed into' },
  },
  {
    ...{ name: 'attributes-not-listed', promise: 'a span carries what is on the list and nothing else' },
    ...{ file: 'libs/kernel/observability/src/attributes.ts', text: 'if (!ALLOWED.has(name)) continue;', fault: '' },
    ...{ spec: 'libs/kernel/observability/src/telemetry.spec.ts', test: 'canaries 999 012 345 678 does not leave in a span' },
  },
  {
    ...{ name: 'sealed-text-moves', promise: 'a sealed text opens only where it stands' },
    ...{ file: 'libs/kernel/persistence/src/seal.ts', text: 'return Buffer.from(`${id}\\n${context}`, \'utf8\');', fault: "return Buffer.from(id, 'utf8');" },
    ...{ spec: 'libs/kernel/persistence/src/seal.spec.ts', test: 'Seal does not open in another context, with another ring, relabelled or changed' },
  },
];
