import { defineProblem } from '@quan-so/contract';

export const REPLAY_NOT_FOUND = defineProblem('REPLAY_NOT_FOUND', 404, {
  title: { vi: 'Không có kế hoạch chạy lại này', en: 'No such replay' },
  remedy: { vi: 'Xem danh sách ở "operations/replays" của chính dịch vụ đó.', en: 'See the list at "operations/replays" of that very service.' },
});

export const REPLAY_NOTHING_FOUND = defineProblem('REPLAY_NOTHING_FOUND', 404, {
  title: { vi: 'Không có gì để chạy lại', en: 'There is nothing to replay' },
  remedy: {
    vi: '"processed" là số thông điệp đã xử lý xong từ trước. Xem "operations/parked", hoặc chọn khoảng thời gian khác trong những ngày hộp thư đi còn giữ.',
    en: '"processed" says how many have their effect already. See "operations/parked", or choose another time within the days the outbox is kept.',
  },
});

export const REPLAY_NOT_FIRST = defineProblem('REPLAY_NOT_FIRST', 409, {
  title: { vi: 'Thông điệp này đứng sau một thông điệp khác cùng khoá', en: 'The event stands behind another one of its key' },
  remedy: {
    vi: 'Chạy lại từ "first": thứ tự trong một khoá không bao giờ đổi, những thông điệp đứng sau được chạy theo.',
    en: 'Replay from "first" on: the order within a key never changes, and those behind follow.',
  },
});

export const REPLAY_PLAN_OUTDATED = defineProblem('REPLAY_PLAN_OUTDATED', 409, {
  title: { vi: 'Thực tế đã khác với kế hoạch', en: 'The world has changed since the plan' },
  remedy: {
    vi: 'Lập kế hoạch mới, xem lại số lượng rồi mới chạy.',
    en: 'Make a new plan, look at its numbers, then apply that one.',
  },
});

export const REPLAY_STATE = defineProblem('REPLAY_STATE', 409, {
  title: { vi: 'Việc này không làm được ở trạng thái hiện tại', en: 'That cannot be done in the present state' },
  remedy: {
    vi: '"state" là trạng thái hiện tại, "possible" là các việc còn làm được.',
    en: '"state" is the present state, "possible" what can still be done.',
  },
});

export const REPLAY_NOT_TAKEN = defineProblem('REPLAY_NOT_TAKEN', 409, {
  title: { vi: 'Không handler nào của dịch vụ này chạy lại được thông điệp của chủ đề đó', en: 'No handler of this service can replay events of that topic' },
  remedy: {
    vi: '"topics" là các chủ đề do @EventPattern nhận (tác dụng nằm ngoài giao dịch, không thể chạy lại đúng một lần) hoặc không còn ai nhận. Chọn chủ đề khác, hoặc cho dịch vụ nhận chủ đề đó bằng @Consumes rồi lập kế hoạch lại; thông điệp vẫn được giữ.',
    en: '"topics" are taken by @EventPattern (effects outside the transaction, which cannot be replayed once) or by nobody any more. Choose another topic, or let the service take it with @Consumes and plan again; the events are kept.',
  },
});

export const WINDOW_TOO_LARGE = defineProblem('WINDOW_TOO_LARGE', 409, {
  title: { vi: 'Khoảng thời gian chứa quá nhiều sự kiện', en: 'The window holds too many events' },
  remedy: {
    vi: 'Chia nhỏ khoảng thời gian: mỗi lần gửi lại tối đa "cap" sự kiện.',
    en: 'Choose shorter windows: one replay sends at most "cap" events again.',
  },
});

export const operateProblems = [REPLAY_NOT_FOUND, REPLAY_NOTHING_FOUND, REPLAY_NOT_FIRST, REPLAY_NOT_TAKEN, REPLAY_PLAN_OUTDATED, REPLAY_STATE, WINDOW_TOO_LARGE] as const;
