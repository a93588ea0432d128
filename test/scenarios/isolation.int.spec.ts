import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PreviewDeadline, ReceiveDossier, type DossierView } from '@quan-so/contracts-applications';
import { ReadRecordsByCode } from '@quan-so/contracts-data';
import { applicant, PERMIT, PERMIT_PERSON } from '../story/cast.js';
import { eventually, Story } from '../story/world.js';
import { startOn, worldOf, type TestPlatform } from './platform.js';

const dataset = 'dossiers';

/** No command waits on another service: what dossiers knows of the catalogue is its own copy. */
describe('with the catalogue stopped', () => {
  let data: string;
  let platform: TestPlatform | undefined;
  let story: Story;
  const start = async (services?: readonly string[]): Promise<void> => {
    await platform?.stop();
    platform = await startOn(data, 'phuong-sao-mai', services);
    story = new Story(worldOf(platform), () => undefined);
  };
  const receive = (idempotencyKey = randomUUID()): Promise<DossierView> => {
    const body = { ...PERMIT, channel: 'counter' as const, summary: 'Xây nhà ở riêng lẻ', applicant: applicant(story, 'Nguyễn Thị Đặng Thử', PERMIT_PERSON) };
    return story.as('desk-clerk').call(ReceiveDossier, { body, idempotencyKey }).then((reply) => reply.body);
  };

  beforeAll(() => {
    data = mkdtempSync(join(tmpdir(), 'quan so '));
  });
  afterAll(async () => {
    await platform?.stop();
    rmSync(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }, 60_000);

  it('receiving goes on by the copy, and says how old the copy is', async () => {
    await start();
    const before = await receive();
    await start(['dossiers', 'warehouse']);
    const address = story.world.bases['front'] ?? '';
    expect((await fetch(`${address}/api/catalog/v1/procedures`)).status).toBe(404);
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
    const after = await receive();
    expect(after.code.slice(0, -4)).toBe(before.code.slice(0, -4));
    expect(Number(after.code.slice(-4))).toBe(Number(before.code.slice(-4)) + 1);
    expect([after.procedure, after.deadline?.calendar]).toEqual([before.procedure, before.deadline?.calendar]);
    expect(after.referenceAge.asOf).not.toBeNull();
    expect(after.referenceAge.seconds).toBeGreaterThanOrEqual(before.referenceAge.seconds ?? 0);
    const preview = await story.as('desk-clerk').call(PreviewDeadline, { body: { ...PERMIT, receivedAt: after.acceptedAt ?? '' } });
    expect(preview.body.dueAt).toBe(after.deadline?.dueAt);
  }, 120_000);

  it('and reaches the warehouse', async () => {
    const { code } = await receive();
    const found = await eventually('the dossier in the warehouse', async () => {
      const { body } = await story.as('statistics-department').call(ReadRecordsByCode, { params: { dataset, code }, purpose: 'STATISTICS' });
      return body.records[0];
    });
    expect(found.status).toBe('2');
  });
});
