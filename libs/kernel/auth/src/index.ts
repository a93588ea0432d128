export { createVerifier, type TokenVerifier, type VerifierOptions } from './verifier.js';
export { FORBIDDEN, IDENTITY_UNAVAILABLE, UNAUTHENTICATED, authProblems } from './problems.js';
export {
  configureGrants,
  contains,
  demand,
  permits,
  rolesWith,
  unitsInScope,
  type Decision,
  type Grants,
  type Holders,
  type Resource,
  type UnitScope,
} from './permits.js';
export { Public, Requires, accessOf, type Access } from './access.js';
