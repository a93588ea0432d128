import { ROLES } from '@quan-so/contracts-security';
import { buildRealm, staleRealms } from './realm.js';

const clients = { audience: 'quan-so-api', accessTokenSeconds: 600, people: [{ clientId: 'web', name: { vi: 'Trang', en: 'Web' }, origin: 'https://a.example' }] };
const staff = () => ({
  people: [{ username: 'desk-clerk', name: 'Nguyễn Thị Mẫu', positions: [{ role: 'return-clerk', unit: 'H99.05.01' }, { role: 'desk-clerk', unit: 'H99.05.01' }, { role: 'desk-clerk', unit: 'H99.05.02' }] }],
  systems: [{ clientId: 'tax-department', name: 'Thuế', positions: [{ role: 'partner-system', unit: 'H99.05' }] }],
});
const built = () => buildRealm(ROLES, clients, staff());

/** Names of all members, at every depth. */
function membersOf(value) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...membersOf(inner)]);
}

describe('buildRealm', () => {
  it('gives people and systems their positions and just the roles of these', () => {
    expect(built().users).toEqual([
      { username: 'desk-clerk', enabled: true, firstName: 'Nguyễn Thị Mẫu', attributes: { positions: ['return-clerk@H99.05.01', 'desk-clerk@H99.05.01', 'desk-clerk@H99.05.02'] }, realmRoles: ['desk-clerk', 'return-clerk'] },
      { username: 'service-account-tax-department', enabled: true, serviceAccountClientId: 'tax-department', firstName: 'Thuế', attributes: { positions: ['partner-system@H99.05'] }, realmRoles: ['partner-system'] },
    ]);
  });
  it('has every role of the authority', () => expect(built().roles.realm.map(({ name }) => name)).toEqual(ROLES.map(({ code }) => code)));
  it('carries no password and no secret', () => {
    expect(membersOf(built()).filter((name) => /^(credentials|secret|password|privateKey|registrationAccessToken)$/.test(name))).toEqual([]);
  });
  it('lets people in by code with PKCE and systems by their own credentials, and no other way', () => {
    for (const client of built().clients) {
      expect(client).toMatchObject({ implicitFlowEnabled: false, directAccessGrantsEnabled: false, fullScopeAllowed: false });
      expect(client.standardFlowEnabled).toBe(client.publicClient);
      expect(client.serviceAccountsEnabled).toBe(!client.publicClient);
      if (client.publicClient) expect(client.attributes['pkce.code.challenge.method']).toBe('S256');
    }
  });
  it('lets a browser carry no role of a system, and a system only its own', () => {
    const roles = new Map(built().scopeMappings.map((mapping) => [mapping.client, mapping.roles]));
    expect(roles.get('web')).not.toContain('partner-system');
    expect(roles.get('web')).toContain('authority-lead');
    expect(roles.get('tax-department')).toEqual(['partner-system']);
  });
  it('lets only administrators write positions', () => {
    const [profile] = built().components['org.keycloak.userprofile.UserProfileProvider'];
    const { attributes } = JSON.parse(profile.config['kc.user.profile.config'][0]);
    expect(attributes.find(({ name }) => name === 'positions').permissions).toEqual({ view: ['admin'], edit: ['admin'] });
  });
  it('keeps access tokens under a quarter of an hour and signs them with RS256', () => {
    expect(built().accessTokenLifespan).toBeLessThanOrEqual(900);
    expect(built().defaultSignatureAlgorithm).toBe('RS256');
  });
  it.each([
    ['a role that does not exist', (wrong) => (wrong.people[0].positions[0].role = 'mayor'), /desk-clerk: "mayor"/],
    ['a system’s role for a person', (wrong) => (wrong.people[0].positions[0].role = 'filing-system'), /no role of a person/],
    ['a person’s role for a system', (wrong) => (wrong.systems[0].positions[0].role = 'desk-clerk'), /no role of a system/],
  ])('refuses %s', (_, spoil, sentence) => {
    const wrong = staff();
    spoil(wrong);
    expect(() => buildRealm(ROLES, clients, wrong)).toThrow(sentence);
  });
});

describe('deploy/keycloak', () => {
  it('holds what the lists say today', async () => expect(await staleRealms()).toEqual([]));
});
