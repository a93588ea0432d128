import { playStory } from '../story/story.js';
import { Story } from '../story/world.js';
import { usePlatform, worldOf, type TestPlatform } from './platform.js';

/** On real parts one authority at a time; else both, each on a platform of its own. */
const only = process.env['QUANSO_AUTHORITY'];
const authorities = only === undefined ? ['quan-sao-mai', 'phuong-sao-mai'] : [only];

describe.each(authorities)('%s', (authority) => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await usePlatform(authority);
  }, 120_000);
  afterAll(() => platform.stop(), 60_000);

  it('the path from the counter to the warehouse', async () => {
    const told: string[] = [];
    const story = new Story(worldOf(platform), ({ title }) => told.push(title.en));
    const { dossier } = await playStory(story, () => platform.output());
    // Luật Xây dựng, NĐ 175/2024/NĐ-CP: 15 days for a separate house; the story itself takes what the catalogue says.
    expect(dossier.deadline?.term).toEqual({ unit: 'calendar-days', value: 15 });
    expect(told.length).toBeGreaterThan(25);
  }, 120_000);

  it.each(['/api/catalog/v1/proposals', '/api/dossiers/v1/dossiers', '/api/warehouse/v1/datasets'])('%s is closed to who has not logged in', async (path) => {
    const service = path.split('/')[2] ?? '';
    const answer = await fetch(`${platform.bases[service] ?? ''}${path}`);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, 'UNAUTHENTICATED']);
  });
});
