import { type Position } from '@quan-so/contract';
import { positionsExcluded, ROLES } from '@quan-so/contracts-security';
import { z } from 'zod';
import { agencyCode, line } from './fields.js';
import { kebab, words } from './reference.fields.js';

const position = z.strictObject({ role: kebab(60, 'Vai trò. / Role.', 'desk-clerk'), unit: agencyCode });
const positions = z.array(position).min(1).max(20);

const person = z.strictObject({
  username: z.string().max(100).regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/),
  name: line(200, 'Họ, chữ đệm, tên. / Full name.', 'Lê Thị Mai'),
  positions,
});

const system = z.strictObject({
  clientId: kebab(60, 'Mã ứng dụng. / Client.', 'portal-connector'),
  name: words(200, 'Tên hệ thống. / Name of the system.', 'Hệ thống kết nối Cổng quốc gia', 'Connector of the national portal'),
  positions,
});

/**
 * Who works here until `policy` owns positions: carried by tokens. No password and no secret: the identity provider makes
 * them.
 */
export const staffSchema = z.strictObject({ people: z.array(person).min(1).max(5000), systems: z.array(system).max(200) });
export type Staff = z.output<typeof staffSchema>;

type Report = (pointer: string, fault: string, vi: string, en: string) => void;

/** Roles and units exist, nobody holds what must be kept apart, every role has its person, publishing its two. */
export function staffFaults(staff: Staff, units: ReadonlySet<string>, report: Report): void {
  const one = (pointer: string, held: readonly Position[], holder: 'person' | 'system'): void => {
    for (const [at, { role, unit }] of held.entries()) {
      const known = ROLES.find(({ code }) => code === role);
      if (known?.holder !== holder) {
        report(`${pointer}/positions/${at}/role`, 'ROLE_UNKNOWN', `"${role}" không phải vai trò của ${holder === 'person' ? 'người' : 'hệ thống'}.`, `"${role}" is no role of a ${holder}.`);
      }
      if (!units.has(unit)) report(`${pointer}/positions/${at}/unit`, 'UNIT_UNKNOWN', `Không có đơn vị ${unit}.`, `There is no unit ${unit}.`);
    }
    for (const { code, why } of positionsExcluded(held)) report(`${pointer}/positions`, code, why.vi, why.en);
  };
  for (const [at, { positions: held }] of staff.people.entries()) one(`/people/${at}`, held, 'person');
  for (const [at, { positions: held }] of staff.systems.entries()) one(`/systems/${at}`, held, 'system');
  twice(staff.people.map(({ username }) => username), '/people', 'username', report);
  twice(staff.systems.map(({ clientId }) => clientId), '/systems', 'clientId', report);
  everyRole(staff, report);
}

function everyRole({ people }: Staff, report: Report): void {
  for (const { code, holder, name } of ROLES) {
    if (holder !== 'person') continue;
    // Reference data take two persons: one proposes, the other publishes.
    const needed = code === 'catalog-admin' ? 2 : 1;
    const held = people.filter(({ positions: own }) => own.some(({ role }) => role === code)).length;
    if (held < needed) report('/people', 'ROLE_NOT_HELD', `Vai trò ${code} (${name.vi}) cần ${needed} người, mới có ${held}.`, `Role ${code} (${name.en}) needs ${needed}, has ${held}.`);
  }
}

function twice(names: readonly string[], pointer: string, field: string, report: Report): void {
  for (const [at, name] of names.entries()) {
    if (names.indexOf(name) !== at) report(`${pointer}/${at}/${field}`, 'CODE_TWICE', `"${name}" có hai lần.`, `"${name}" stands twice.`);
  }
}
