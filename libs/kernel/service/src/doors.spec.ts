import { pick, type Handler } from './doors.js';

const mark = (name: string): Handler => Object.assign(() => undefined, { mark: name });
const routes = new Map([
  ['/', mark('page')],
  ['/api/dossiers', mark('dossiers')],
  ['/realms', mark('identity')],
]);

describe('pick', () => {
  it.each([
    ['/api/dossiers/v1/dossiers', 'dossiers'],
    ['/api/dossiers', 'dossiers'],
    ['/api/dossiers-old', 'page'],
    ['/realms/quan-so/x', 'identity'],
    ['/', 'page'],
    ['', 'page'],
    ['//', 'page'],
    ['/api/dossiers?at=/realms', 'dossiers'],
  ])('%s goes to %s', (path, name) => {
    expect((pick(routes, path) as Handler & { mark: string }).mark).toBe(name);
  });
});
