import { defineOperation, definePermission, type OperationDef } from '@quan-so/contract';
import { z } from 'zod';
import { REPLAY_NOTHING_FOUND, REPLAY_NOT_FIRST, REPLAY_NOT_FOUND, REPLAY_NOT_TAKEN, REPLAY_PLAN_OUTDATED, REPLAY_STATE, WINDOW_TOO_LARGE } from './operate.problems.js';
import { actOnReplay, gap, messagesState, parkedMessage, parkedQuery, planReplay, replay, replayId } from './operate.schema.js';

export const MESSAGE_READ = definePermission('message.read', { vi: 'Xem thông điệp đang đợi, đang đỗ', en: 'See messages that wait or are parked' });
export const MESSAGE_REPLAY = definePermission('message.replay', { vi: 'Chạy lại thông điệp', en: 'Replay messages' });

const read = { permission: MESSAGE_READ } as const;
const act = { permission: MESSAGE_REPLAY } as const;

/** What operators may do with the messages of a service: the same of every service, below its own address. */
function define(service: string) {
  const base = `/api/${service}/v1/operations`;
  const command = <const I extends string>(id: I, verb: string, vi: string, en: string) =>
    defineOperation({
      ...{ id, service, kind: 'command' as const, path: `${base}/replays/:replayId/${verb}`, summary: { vi, en }, access: act },
      ...{ params: z.strictObject({ replayId }), body: actOnReplay, answer: replay, problems: [REPLAY_NOT_FOUND, REPLAY_STATE, REPLAY_PLAN_OUTDATED] },
    });
  return {
    readState: defineOperation({
      ...{ id: 'readMessagesState', service, kind: 'read', path: `${base}/messages`, access: read, answer: messagesState },
      summary: { vi: 'Thông điệp: đợi bao lâu, đỗ bao nhiêu', en: 'Messages: how long they wait, how many are parked' },
    }),
    listParked: defineOperation({
      ...{ id: 'listParkedMessages', service, kind: 'list', path: `${base}/parked`, access: read, query: parkedQuery, answer: parkedMessage },
      summary: { vi: 'Thông điệp đang đỗ, không có nội dung', en: 'Parked messages, without their content' },
      description: {
        vi: 'Không chọn gì: chỉ thông điệp đứng đầu mỗi khoá, "behind" là số đứng sau nó. Có topic, key hay reason: mọi thông điệp khớp.',
        en: 'Without filters only the first of each key, with the number behind it; with topic, key or reason every message that fits.',
      },
    }),
    listGaps: defineOperation({
      ...{ id: 'listMessageGaps', service, kind: 'list', path: `${base}/gaps`, access: read, answer: gap },
      summary: { vi: 'Chỗ hụt chưa vá', en: 'Gaps not mended yet' },
    }),
    planReplay: defineOperation({
      ...{ id: 'planReplay', service, kind: 'create', path: `${base}/replays`, access: act, body: planReplay, answer: replay },
      summary: { vi: 'Lập kế hoạch chạy lại', en: 'Plan a replay' },
      description: {
        vi: 'Không chạy gì: trả về số lượng, số khoá, tuổi, phần đã xử lý và trần. Chạy bằng "apply" với ETag của kế hoạch.',
        en: 'Runs nothing: answers how many messages and keys, how old, what is processed already, and the cap. "apply" with the ETag of the plan runs it.',
      },
      problems: [REPLAY_NOTHING_FOUND, REPLAY_NOT_FIRST, REPLAY_NOT_TAKEN, WINDOW_TOO_LARGE],
    }),
    listReplays: defineOperation({
      ...{ id: 'listReplays', service, kind: 'list', path: `${base}/replays`, access: read, answer: replay },
      summary: { vi: 'Các kế hoạch chạy lại, mới trước', en: 'Replays, newest first' },
    }),
    readReplay: defineOperation({
      ...{ id: 'readReplay', service, kind: 'read', path: `${base}/replays/:replayId`, access: read, params: z.strictObject({ replayId }), answer: replay, problems: [REPLAY_NOT_FOUND] },
      summary: { vi: 'Xem một kế hoạch chạy lại', en: 'Read one replay' },
    }),
    applyReplay: command('applyReplay', 'apply', 'Chạy kế hoạch', 'Run the plan'),
    pauseReplay: command('pauseReplay', 'pause', 'Tạm dừng', 'Pause it'),
    resumeReplay: command('resumeReplay', 'resume', 'Chạy tiếp', 'Resume it'),
    cancelReplay: command('cancelReplay', 'cancel', 'Huỷ', 'Cancel it'),
  };
}

export type OperatorOperations = ReturnType<typeof define>;

const defined = new Map<string, OperatorOperations>();

/** The same objects for the same service: routes and documents are compared by them. */
export function operatorOperations(service: string): OperatorOperations {
  const known = defined.get(service) ?? define(service);
  defined.set(service, known);
  return known;
}

export function operatorOperationList(service: string): readonly OperationDef[] {
  return Object.values(operatorOperations(service)) as readonly OperationDef[];
}
