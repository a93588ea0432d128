export { AuditEntry, auditFact, type AuditFact } from '@quan-so/contract';
export { ROLES, holders, type Role, type RoleCode } from './roles.js';
export { grants, type Grant } from './grants.js';
export {
  ACT_SEPARATIONS,
  POSITION_SEPARATIONS,
  actsExcluded,
  positionsExcluded,
  type Act,
  type ActSeparation,
  type PositionSeparation,
} from './separations.js';
