import { readOptions, StartError } from './options.js';

const known = ['dossiers', 'catalog', 'warehouse'];
const read = (argv: string[], env: NodeJS.ProcessEnv = {}) => readOptions(argv, env, '/a b', known);

describe('readOptions', () => {
  it('has defaults a newcomer never has to know', () => {
    expect(read([])).toEqual({ authority: 'quan-sao-mai', port: 4000, dataDir: '/a b/.data', services: undefined });
  });
  it('reads flags in both spellings, PORT, QUANSO_DATA and SERVICES', () => {
    expect(read(['--authority', 'phuong-sao-mai', '--port=0'])).toMatchObject({ authority: 'phuong-sao-mai', port: 0 });
    expect(read([], { PORT: '4100', QUANSO_DATA: '/d', SERVICES: 'dossiers, catalog' })).toMatchObject({
      port: 4100,
      dataDir: '/d',
      services: ['dossiers', 'catalog'],
    });
  });
  it.each([
    [['--authorty', 'x'], {}],
    [['--authority'], {}],
    [['--authority', '../etc'], {}],
    [[], { PORT: '70000' }],
    [[], { PORT: '4000x' }],
    [[], { SERVICES: 'dossier' }],
  ])('refuses %j %j with a sentence', (argv, env) => {
    expect(() => read(argv, env)).toThrow(StartError);
  });
});
