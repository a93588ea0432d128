import { computeDeadline, MAX_STEPS, parseInstant, type Pause, type Step, type Term } from './index.js';
import { CALENDAR_2026 } from './spec/calendar-2026.js';

const at = (text: string): number => parseInstant(`${text.replace(' ', 'T')}:00+07:00`);
function working(received: string, term: Term, pauses: readonly Pause[] = []): readonly Step[] {
  return computeDeadline({ calendar: CALENDAR_2026, receivedAt: at(received), term, pauses }).working;
}
const lines = (steps: readonly Step[], language: 'vi' | 'en' = 'vi'): string[] => steps.map((step) => step.note[language]);

describe('the working of a deadline', () => {
  it('names each counted day and each day off with its reason and basis', () => {
    const steps = working('2026-11-20 14:00', { unit: 'working-days', value: 5 });
    expect(lines(steps)).toEqual([
      'Tiếp nhận 14:00 20/11/2026; thời hạn 5 ngày làm việc',
      'Thứ Bảy 21/11/2026: nghỉ, không tính',
      'Chủ Nhật 22/11/2026: nghỉ, không tính',
      'Thứ Hai 23/11/2026: ngày làm việc thứ 1',
      'Thứ Ba 24/11/2026 (nghỉ lễ: Ngày 2026-11-24; BLLĐ Đ.112; chưa xác nhận): nghỉ, không tính',
      'Thứ Tư 25/11/2026: ngày làm việc thứ 2',
      'Thứ Năm 26/11/2026: ngày làm việc thứ 3',
      'Thứ Sáu 27/11/2026: ngày làm việc thứ 4',
      'Thứ Bảy 28/11/2026: nghỉ, không tính',
      'Chủ Nhật 29/11/2026: nghỉ, không tính',
      'Thứ Hai 30/11/2026: ngày làm việc thứ 5',
      'Hạn: 17:00, Thứ Hai 30/11/2026',
    ]);
    expect(lines(steps, 'en')[4]).toBe('Tue 24/11/2026 (public holiday: Day 2026-11-24; BLLĐ Đ.112; not confirmed): day off, not counted');
    expect(steps[3]).toMatchObject({ kind: 'counted', date: '2026-11-23', from: at('2026-11-23 07:30'), to: at('2026-11-23 17:00') });
  });

  it('says of each pause what was used and what is left', () => {
    const pauses: Pause[] = [{ from: at('2026-10-08 09:00'), to: at('2026-10-14 18:00'), effect: 'shift', reason: { vi: 'nghĩa vụ tài chính', en: 'financial obligation' } }];
    const steps = working('2026-10-05 09:00', { unit: 'working-days', value: 10 }, pauses);
    expect(lines(steps).filter((_, index) => !['counted', 'skipped'].includes(steps[index]?.kind ?? ''))).toEqual([
      'Tiếp nhận 09:00 05/10/2026; thời hạn 10 ngày làm việc',
      'Tạm dừng từ 09:00 08/10/2026 (nghĩa vụ tài chính): đã dùng 3 ngày làm việc, còn 7 ngày làm việc',
      'Ngoài giờ làm việc hoặc sau giờ chốt: tính từ 07:30 15/10/2026',
      'Tiếp tục từ 07:30 15/10/2026: còn 7 ngày làm việc',
      'Hạn: 17:00, Thứ Hai 26/10/2026',
    ]);
    expect(lines(steps)).toContain('Thứ Sáu 16/10/2026: ngày làm việc thứ 4');
  });

  it('shows where a calendar term would end and why it does not', () => {
    expect(lines(working('2026-11-09 09:00', { unit: 'calendar-days', value: 15 }))).toEqual([
      'Tiếp nhận 09:00 09/11/2026; thời hạn 15 ngày',
      '15 ngày, kể cả ngày nghỉ: từ 10/11/2026 đến 24/11/2026',
      'Ngày cuối theo số ngày: Thứ Ba 24/11/2026 (nghỉ lễ: Ngày 2026-11-24; BLLĐ Đ.112; chưa xác nhận)',
      'Thứ Ba 24/11/2026 (nghỉ lễ: Ngày 2026-11-24; BLLĐ Đ.112; chưa xác nhận): nghỉ, không tính',
      'Hạn: 17:00, Thứ Tư 25/11/2026',
    ]);
  });

  it('counts hours window by window', () => {
    expect(lines(working('2026-11-23 16:00', { unit: 'working-hours', value: 4 }), 'en')).toEqual([
      'Received 16:00 23/11/2026; term: 4 working hours',
      'Mon 23/11/2026, 16:00–17:00: 1 hour',
      'Tue 24/11/2026 (public holiday: Day 2026-11-24; BLLĐ Đ.112; not confirmed): day off, not counted',
      'Wed 25/11/2026, 07:30–10:30: 3 hours',
      'Due: 10:30, Wed 25/11/2026',
    ]);
    expect(lines(working('2026-11-21 22:15', { unit: 'clock-hours', value: 12 }))[1]).toBe('12 giờ liên tục, kể cả đêm và ngày nghỉ: 22:15 21/11/2026 đến 10:15 22/11/2026');
  });

  it('explains a cut-off, nothing left, lateness and a calendar at its end', () => {
    const cutoff = { time: '15:00', effect: 'next-working-day' } as const;
    expect(lines(working('2026-04-24 15:01', { unit: 'end-of-day', cutoff }))).toEqual([
      'Tiếp nhận 15:01 24/04/2026; thời hạn trong ngày, giờ chốt 15:00',
      'Thứ Bảy 25/04/2026: nghỉ, không tính',
      'Chủ Nhật 26/04/2026 (nghỉ lễ: Ngày 2026-04-26; BLLĐ Đ.112): nghỉ, không tính',
      'Thứ Hai 27/04/2026 (nghỉ bù: Ngày 2026-04-27; BLLĐ Đ.112): nghỉ, không tính',
      'Ngoài giờ làm việc hoặc sau giờ chốt: tính từ 07:30 28/04/2026',
      'Hạn: 17:00, Thứ Ba 28/04/2026',
    ]);
    const onDueDay: Pause = { from: at('2026-10-06 09:00'), to: at('2026-10-08 09:00'), effect: 'shift' };
    expect(lines(working('2026-10-05 09:00', { unit: 'working-days', value: 1 }, [onDueDay])).at(-1)).toBe('Hạn: 17:00, Thứ Năm 08/10/2026 (không còn thời gian: hết ngày tiếp tục)');
    const late: Pause = { from: at('2026-10-07 09:00'), to: null, effect: 'shift' };
    expect(lines(working('2026-10-05 09:00', { unit: 'working-days', value: 1 }, [late]))).toContain('Tạm dừng 09:00 07/10/2026 sau khi đã quá hạn: hạn không đổi, 17:00 06/10/2026');
    expect(lines(working('2026-12-31 09:00', { unit: 'working-days', value: 1 })).at(-1)).toBe('Tạm tính: lịch chỉ biết ngày nghỉ từ 01/01/2026 đến 31/12/2026');
  });

  it('stays readable: the middle of a long count is left out', () => {
    const steps = working('2026-01-05 09:00', { unit: 'working-days', value: 3660 });
    expect(steps).toHaveLength(MAX_STEPS);
    expect(steps.filter((step) => step.kind === 'omitted')).toHaveLength(1);
    expect(steps.at(-2)?.kind).toBe('due');
  });
});
