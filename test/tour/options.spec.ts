import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTour, TourError } from './options.js';

describe('readTour', () => {
  let data: string;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'quan so '));
    writeFileSync(join(data, 'accounts.json'), '{"desk-clerk":"secret"}');
  });
  afterEach(() => rmSync(data, { recursive: true, force: true }));
  const read = (argv: string[]) => readTour(argv, { QUANSO_DATA: data }, '/root of a clone');

  it('goes to port 4000, to what runs on these data, or where it is sent', () => {
    expect(read([]).base).toBe('http://127.0.0.1:4000');
    writeFileSync(join(data, 'running.json'), '{"base":"http://127.0.0.1:4100"}');
    expect(read([]).base).toBe('http://127.0.0.1:4100');
    expect(read(['--base', 'http://127.0.0.1:4200/', '--json'])).toMatchObject({ base: 'http://127.0.0.1:4200', json: true });
  });

  it('knows the accounts of the data folder, and says who is missing', () => {
    const { world } = read([]);
    expect(world.secretOf('desk-clerk')).toBe('secret');
    expect(() => world.secretOf('nobody')).toThrow(TourError);
    rmSync(join(data, 'accounts.json'));
    expect(() => read([])).toThrow(/npm start/);
  });

  it.each([[['--bass', 'x']], [['--base', 'nowhere']], [['--base', 'ftp://127.0.0.1']], [['--json=1']]])('refuses %j with a sentence', (argv) => {
    expect(() => read(argv)).toThrow(TourError);
  });
});
