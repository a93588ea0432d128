import { screenOf, type Started } from './screen.js';

const started: Started = {
  base: 'http://127.0.0.1:4000',
  version: '0.1.0',
  authority: { vi: 'UBND quận Sao Mai', en: 'People’s Committee of Sao Mai' },
  services: ['catalog', 'warehouse', 'dossiers'],
  accounts: [{ name: 'desk-clerk', kind: 'person', title: 'Lê Thị Mai', secret: 'abcd-efgh-jkmn-pqrs', subject: '', positions: [] }],
  seconds: 2.34,
  accountsFile: '/home/an/quan-so/.data/accounts.txt',
  logFile: '/home/an/quan-so/.data/log.jsonl',
  dataDir: undefined,
  tracesTo: '',
};

describe('screenOf', () => {
  it('is one screen: addresses, accounts, the next commands', () => {
    const lines = screenOf(started).split('\n');
    expect(lines.length).toBeLessThanOrEqual(32);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(lines).toContain('    desk-clerk  abcd-efgh-jkmn-pqrs');
    expect(lines).toContain('    npm run -s token -- desk-clerk');
    expect(screenOf(started)).toContain('sẵn sàng sau 2,3 s');
  });

  it.each([
    [['catalog', 'warehouse', 'dossiers'], true, '/api/warehouse/v1/datasets/dossiers/records'],
    [['warehouse'], false, '/api/warehouse/v1/datasets/dossiers/records'],
    [['catalog', 'dossiers'], false, 'DOSSIER_HANDLING" http://127.0.0.1:4000/api/dossiers/v1/dossiers'],
    [['catalog'], false, 'curl http://127.0.0.1:4000/api/catalog/v1/procedures'],
  ])('with %j names only commands that work there', (services, tour, call) => {
    const screen = screenOf({ ...started, services });
    expect(screen.includes('npm run tour')).toBe(tour);
    expect(screen).toContain(call);
    for (const name of ['catalog', 'warehouse', 'dossiers']) if (!services.includes(name)) expect(screen).not.toContain(`/api/${name}/`);
  });

  it('tells the next commands where the data are when they are elsewhere', () => {
    const screen = screenOf({ ...started, dataDir: "/home/an/ổ 'lớn'" });
    expect(screen).toContain("    QUANSO_DATA='/home/an/ổ '\\''lớn'\\''' npm run tour");
    expect(screen).toContain(`$(QUANSO_DATA='/home/an/ổ '\\''lớn'\\''' npm run -s token -- statistics-department)`);
  });
});
