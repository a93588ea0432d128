import assert from 'node:assert/strict';
import { type JourneyView } from '@quan-so/contracts-applications';
import { same } from './same.js';
import { treesOf, within, type SeenSpan, type Tree } from './traces.js';
import { eventually, type Story } from './world.js';

const SENT = 'send records.dossiers';
const HEARD = 'process records.dossiers';
const AUDITED = 'send audit.dossiers';

/**
 * One trace per command, from the request over the event to the row in the warehouse; clients that know nothing of each
 * other share no trace.
 */
export async function followTraces(story: Story, { code, steps }: JourneyView): Promise<void> {
  const { traces } = story.world;
  const [first] = steps;
  const tree = await story.step(
    'Vết của lệnh tiếp nhận: từ yêu cầu qua sự kiện tới kho dữ liệu',
    'The trace of the receipt: from the request over the event to the warehouse',
    async () => {
      const whole = await traceOf(story, first?.traceId ?? '');
      assert.equal(whole.length, 1, 'a trace has one root');
      const [root] = whole;
      assert.ok(root !== undefined);
      assertReceipt(root, code);
      return root;
    },
    (root) => story.world.traceAddress(root.traceId),
  );
  await story.step('Tìm theo mã hồ sơ: mọi bước của hành trình', 'Found by dossier code: every step of the journey', async () => {
    await eventually(`all ${steps.length} traces by dossier code`, async () => {
      const found = new Set(await traces.findByDossier(code));
      return steps.every(({ traceId }) => found.has(traceId)) ? true : undefined;
    });
  });
  await story.step('Mỗi lệnh một vết, không có gốc chung', 'A trace for each command, without a common root', async () => {
    for (const { traceId } of steps) {
      const whole = await traceOf(story, traceId);
      same(whole.map(({ kind }) => kind), ['server'], `trace ${traceId} begins with one request`);
    }
    assert.ok(within(tree).every((span) => span.traceId === tree.traceId));
  });
}

/** The trees of a trace, once the warehouse has its part in it. */
function traceOf(story: Story, traceId: string): Promise<readonly Tree[]> {
  return eventually(`the warehouse in trace ${traceId}`, async () => {
    const spans = await story.world.traces.get(traceId);
    const heard = spans.some((span) => is(span, HEARD) && span.service === 'warehouse');
    const audited = spans.some((span) => is(span, AUDITED));
    // The request itself ends last of its own part.
    return heard && audited && spans.some(({ kind }) => kind === 'server') ? treesOf(spans) : undefined;
  });
}

function assertReceipt(root: Tree, code: string): void {
  same([root.kind, root.service, root.name.toLowerCase()], ['server', 'dossiers', 'post /api/dossiers/v1/dossiers']);
  assert.equal(root.attributes['quanso.dossier.code'], code);
  assert.equal(root.attributes['quanso.operation'], 'receiveDossier');
  const queries = root.children.filter(({ name }) => /^sql /i.test(name));
  assert.ok(queries.length > 0, 'the request shows its queries');
  assert.ok(queries.every(({ service, kind }) => service === 'dossiers' && kind === 'client'));
  const sent = within(root).filter((span) => is(span, SENT));
  assert.equal(sent.length, 1, 'one event tells the receipt');
  const [send] = sent;
  same([send?.kind, send?.service, send?.attributes['quanso.dossier.code']], ['producer', 'dossiers', code]);
  const heard = (send?.children ?? []).filter((span) => is(span, HEARD));
  same(heard.map(({ service, kind }) => [service, kind]), [['warehouse', 'consumer']], 'the warehouse hears it, as a child of the sending');
}

function is({ name }: SeenSpan, wanted: string): boolean {
  return name.toLowerCase() === wanted;
}
