import { ConfigError, configFrom, type ServiceConfig } from './config.js';
import { type ServiceDefinition } from './definition.js';

/** One service of a group and what it alone is told. */
export interface Member {
  readonly definition: ServiceDefinition;
  readonly config: ServiceConfig;
}

/**
 * The services that SERVICES names, in the order of the house, each with its own configuration: a variable with the
 * service's name in front (`CATALOG_DATABASE_URL`) goes before the plain one. Throws ConfigError, one sentence.
 */
export function membersOf(house: readonly ServiceDefinition[], env: NodeJS.ProcessEnv): readonly Member[] {
  const names = namesOf(env['SERVICES']);
  const unknown = names.filter((name) => !house.some((definition) => definition.name === name));
  if (names.length === 0 || unknown.length > 0) {
    const there = house.map(({ name }) => name).join(', ');
    throw new ConfigError(`SERVICES: ${unknown.length > 0 ? `không biết / unknown: ${unknown.join(', ')}` : 'chưa nêu dịch vụ nào / names no service'}; có / there are: ${there}.`);
  }
  const members = house.filter(({ name }) => names.includes(name)).map((definition) => ({ definition, config: configOf(definition.name, env) }));
  demandOwnDatabases(members);
  return members;
}

/** What one service of a group reads. */
export function environmentOf(service: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const prefix = `${service.toUpperCase().replaceAll('-', '_')}_`;
  const own = Object.entries(env).filter(([name]) => name.startsWith(prefix));
  return { ...env, ...Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])) };
}

function namesOf(text = ''): readonly string[] {
  return text.split(',').map((name) => name.trim()).filter((name) => name !== '');
}

function configOf(service: string, env: NodeJS.ProcessEnv): ServiceConfig {
  try {
    return configFrom(environmentOf(service, env));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(`${service}: ${error.message}`);
  }
}

/** One process, and still nobody reaches into the data of another: every service signs in with its own role. */
function demandOwnDatabases(members: readonly Member[]): void {
  const [first] = members.filter(({ config }, i) => members.some((other, j) => j < i && other.config.databaseUrl === config.databaseUrl));
  if (first === undefined) return;
  const name = `${first.definition.name.toUpperCase().replaceAll('-', '_')}_DATABASE_URL`;
  throw new ConfigError(`${name}: mỗi dịch vụ một cơ sở dữ liệu và một vai trò riêng / each service has a database and a role of its own.`);
}
