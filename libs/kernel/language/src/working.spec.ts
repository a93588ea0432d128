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

  // From, to, day and both languages of every line, written down by hand.
  const whole = (steps: readonly Step[]): string[] => steps.map((step) => [step.kind, clock(step.from), clock(step.to), step.date ?? '–', step.note.vi, step.note.en].join(' | '));
  const clock = (time: number): string => new Date(time + 7 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ');
  const pause = (from: string, to: string | null, effect: Pause['effect'] = 'shift'): Pause => ({ from: at(from), to: to === null ? null : at(to), effect });
  const outside = 'Outside opening hours or after the cut-off: counted from';

  it.each<[string, string, Term, readonly Pause[], readonly string[]]>([
    ['working days from after hours, over a make-up day', '2026-08-20 17:30', { unit: 'working-days', value: 2 }, [], [
      'received | 08-20 17:30 | 08-20 17:30 | – | Tiếp nhận 17:30 20/08/2026; thời hạn 2 ngày làm việc | Received 17:30 20/08/2026; term: 2 working days',
      `deemed | 08-20 17:30 | 08-21 07:30 | – | Ngoài giờ làm việc hoặc sau giờ chốt: tính từ 07:30 21/08/2026 | ${outside} 07:30 21/08/2026`,
      'counted | 08-22 07:30 | 08-22 17:00 | 2026-08-22 | Thứ Bảy 22/08/2026 (làm bù: Ngày 2026-08-22; BLLĐ Đ.112): ngày làm việc thứ 1 | Sat 22/08/2026 (make-up working day: Day 2026-08-22; BLLĐ Đ.112): working day 1',
      'skipped | 08-23 00:00 | 08-24 00:00 | 2026-08-23 | Chủ Nhật 23/08/2026: nghỉ, không tính | Sun 23/08/2026: day off, not counted',
      'counted | 08-24 07:30 | 08-24 17:00 | 2026-08-24 | Thứ Hai 24/08/2026: ngày làm việc thứ 2 | Mon 24/08/2026: working day 2',
      'due | 08-24 17:00 | 08-24 17:00 | 2026-08-24 | Hạn: 17:00, Thứ Hai 24/08/2026 | Due: 17:00, Mon 24/08/2026',
    ]],
    ['a pause after which the whole term begins again', '2026-10-05 09:00', { unit: 'working-days', value: 2 }, [pause('2026-10-06 09:00', '2026-10-08 09:00', 'restart')], [
      'received | 10-05 09:00 | 10-05 09:00 | – | Tiếp nhận 09:00 05/10/2026; thời hạn 2 ngày làm việc | Received 09:00 05/10/2026; term: 2 working days',
      'counted | 10-06 07:30 | 10-06 17:00 | 2026-10-06 | Thứ Ba 06/10/2026: ngày làm việc thứ 1 | Tue 06/10/2026: working day 1',
      'paused | 10-06 09:00 | 10-08 09:00 | – | Tạm dừng từ 09:00 06/10/2026: đã dùng 1 ngày làm việc, còn 1 ngày làm việc | Paused from 09:00 06/10/2026: used 1 working day, left 1 working day',
      'resumed | 10-08 09:00 | 10-08 09:00 | – | Tiếp tục từ 09:00 08/10/2026: đủ thời hạn 2 ngày làm việc | Resumed 09:00 08/10/2026: the whole term, 2 working days',
      'counted | 10-09 07:30 | 10-09 17:00 | 2026-10-09 | Thứ Sáu 09/10/2026: ngày làm việc thứ 1 | Fri 09/10/2026: working day 1',
      'skipped | 10-10 00:00 | 10-11 00:00 | 2026-10-10 | Thứ Bảy 10/10/2026: nghỉ, không tính | Sat 10/10/2026: day off, not counted',
      'skipped | 10-11 00:00 | 10-12 00:00 | 2026-10-11 | Chủ Nhật 11/10/2026: nghỉ, không tính | Sun 11/10/2026: day off, not counted',
      'counted | 10-12 07:30 | 10-12 17:00 | 2026-10-12 | Thứ Hai 12/10/2026: ngày làm việc thứ 2 | Mon 12/10/2026: working day 2',
      'due | 10-12 17:00 | 10-12 17:00 | 2026-10-12 | Hạn: 17:00, Thứ Hai 12/10/2026 | Due: 17:00, Mon 12/10/2026',
    ]],
    ['calendar days with a pause for a reason, resumed after hours', '2026-10-05 09:00', { unit: 'calendar-days', value: 5 }, [{ ...pause('2026-10-08 09:00', '2026-10-12 18:00'), reason: { vi: 'thiếu giấy', en: 'papers missing' } }], [
      'received | 10-05 09:00 | 10-05 09:00 | – | Tiếp nhận 09:00 05/10/2026; thời hạn 5 ngày | Received 09:00 05/10/2026; term: 5 calendar days',
      'counted | 10-06 00:00 | 10-09 00:00 | 2026-10-06 | 3 ngày, kể cả ngày nghỉ: từ 06/10/2026 đến 08/10/2026 | 3 days, days off included: 06/10/2026 to 08/10/2026',
      'paused | 10-08 09:00 | 10-12 18:00 | – | Tạm dừng từ 09:00 08/10/2026 (thiếu giấy): đã dùng 3 ngày, còn 2 ngày | Paused from 09:00 08/10/2026 (papers missing): used 3 calendar days, left 2 calendar days',
      `deemed | 10-12 18:00 | 10-13 07:30 | – | Ngoài giờ làm việc hoặc sau giờ chốt: tính từ 07:30 13/10/2026 | ${outside} 07:30 13/10/2026`,
      'resumed | 10-13 07:30 | 10-13 07:30 | – | Tiếp tục từ 07:30 13/10/2026: còn 2 ngày | Resumed 07:30 13/10/2026: 2 calendar days left',
      'counted | 10-14 00:00 | 10-16 00:00 | 2026-10-14 | 2 ngày, kể cả ngày nghỉ: từ 14/10/2026 đến 15/10/2026 | 2 days, days off included: 14/10/2026 to 15/10/2026',
      'nominal | 10-15 00:00 | 10-16 00:00 | 2026-10-15 | Ngày cuối theo số ngày: Thứ Năm 15/10/2026 | Last day by count: Thu 15/10/2026',
      'due | 10-15 17:00 | 10-15 17:00 | 2026-10-15 | Hạn: 17:00, Thứ Năm 15/10/2026 | Due: 17:00, Thu 15/10/2026',
    ]],
    ['a month that ends on days off', '2026-07-31 09:00', { unit: 'months', value: 1 }, [], [
      'received | 07-31 09:00 | 07-31 09:00 | – | Tiếp nhận 09:00 31/07/2026; thời hạn 1 tháng | Received 09:00 31/07/2026; term: 1 month',
      'counted | 08-01 00:00 | 09-01 00:00 | 2026-08-01 | 31 ngày, kể cả ngày nghỉ: từ 01/08/2026 đến 31/08/2026 | 31 days, days off included: 01/08/2026 to 31/08/2026',
      'nominal | 08-31 00:00 | 09-01 00:00 | 2026-08-31 | Ngày cuối theo số ngày: Thứ Hai 31/08/2026 (nghỉ hoán đổi: Ngày 2026-08-31; BLLĐ Đ.112) | Last day by count: Mon 31/08/2026 (off by swap: Day 2026-08-31; BLLĐ Đ.112)',
      'skipped | 08-31 00:00 | 09-01 00:00 | 2026-08-31 | Thứ Hai 31/08/2026 (nghỉ hoán đổi: Ngày 2026-08-31; BLLĐ Đ.112): nghỉ, không tính | Mon 31/08/2026 (off by swap: Day 2026-08-31; BLLĐ Đ.112): day off, not counted',
      'skipped | 09-01 00:00 | 09-02 00:00 | 2026-09-01 | Thứ Ba 01/09/2026 (nghỉ lễ: Ngày 2026-09-01; BLLĐ Đ.112): nghỉ, không tính | Tue 01/09/2026 (public holiday: Day 2026-09-01; BLLĐ Đ.112): day off, not counted',
      'skipped | 09-02 00:00 | 09-03 00:00 | 2026-09-02 | Thứ Tư 02/09/2026 (nghỉ lễ: Ngày 2026-09-02; BLLĐ Đ.112): nghỉ, không tính | Wed 02/09/2026 (public holiday: Day 2026-09-02; BLLĐ Đ.112): day off, not counted',
      'due | 09-03 17:00 | 09-03 17:00 | 2026-09-03 | Hạn: 17:00, Thứ Năm 03/09/2026 | Due: 17:00, Thu 03/09/2026',
    ]],
    ['working hours with a pause overnight', '2026-10-05 10:30', { unit: 'working-hours', value: 4 }, [pause('2026-10-05 14:00', '2026-10-06 07:30')], [
      'received | 10-05 10:30 | 10-05 10:30 | – | Tiếp nhận 10:30 05/10/2026; thời hạn 4 giờ làm việc | Received 10:30 05/10/2026; term: 4 working hours',
      'counted | 10-05 10:30 | 10-05 11:30 | 2026-10-05 | Thứ Hai 05/10/2026, 10:30–11:30: 1 giờ | Mon 05/10/2026, 10:30–11:30: 1 hour',
      'counted | 10-05 13:00 | 10-05 14:00 | 2026-10-05 | Thứ Hai 05/10/2026, 13:00–14:00: 1 giờ | Mon 05/10/2026, 13:00–14:00: 1 hour',
      'paused | 10-05 14:00 | 10-06 07:30 | – | Tạm dừng từ 14:00 05/10/2026: đã dùng 2 giờ, còn 2 giờ | Paused from 14:00 05/10/2026: used 2 hours, left 2 hours',
      'resumed | 10-06 07:30 | 10-06 07:30 | – | Tiếp tục từ 07:30 06/10/2026: còn 2 giờ | Resumed 07:30 06/10/2026: 2 hours left',
      'counted | 10-06 07:30 | 10-06 09:30 | 2026-10-06 | Thứ Ba 06/10/2026, 07:30–09:30: 2 giờ | Tue 06/10/2026, 07:30–09:30: 2 hours',
      'due | 10-06 09:30 | 10-06 09:30 | 2026-10-06 | Hạn: 09:30, Thứ Ba 06/10/2026 | Due: 09:30, Tue 06/10/2026',
    ]],
    ['clock hours that stand', '2026-10-05 10:30', { unit: 'clock-hours', value: 3 }, [pause('2026-10-05 11:00', null)], [
      'received | 10-05 10:30 | 10-05 10:30 | – | Tiếp nhận 10:30 05/10/2026; thời hạn 3 giờ | Received 10:30 05/10/2026; term: 3 clock hours',
      'counted | 10-05 10:30 | 10-05 11:00 | 2026-10-05 | 0,5 giờ liên tục, kể cả đêm và ngày nghỉ: 10:30 05/10/2026 đến 11:00 05/10/2026 | 0.5 hours on end, nights and days off included: 10:30 05/10/2026 to 11:00 05/10/2026',
      'paused | 10-05 11:00 | 10-05 11:00 | – | Tạm dừng từ 11:00 05/10/2026: đã dùng 0,5 giờ, còn 2,5 giờ | Paused from 11:00 05/10/2026: used 0.5 hours, left 2.5 hours',
    ]],
    ['one clock hour', '2026-10-05 10:30', { unit: 'clock-hours', value: 1 }, [], [
      'received | 10-05 10:30 | 10-05 10:30 | – | Tiếp nhận 10:30 05/10/2026; thời hạn 1 giờ | Received 10:30 05/10/2026; term: 1 clock hour',
      'counted | 10-05 10:30 | 10-05 11:30 | 2026-10-05 | 1 giờ liên tục, kể cả đêm và ngày nghỉ: 10:30 05/10/2026 đến 11:30 05/10/2026 | 1 hour on end, nights and days off included: 10:30 05/10/2026 to 11:30 05/10/2026',
      'due | 10-05 11:30 | 10-05 11:30 | 2026-10-05 | Hạn: 11:30, Thứ Hai 05/10/2026 | Due: 11:30, Mon 05/10/2026',
    ]],
    ['a day that begins again after a pause', '2026-10-05 09:00', { unit: 'end-of-day' }, [pause('2026-10-05 10:00', '2026-10-06 09:00')], [
      'received | 10-05 09:00 | 10-05 09:00 | – | Tiếp nhận 09:00 05/10/2026; thời hạn trong ngày | Received 09:00 05/10/2026; term: end of day',
      'paused | 10-05 10:00 | 10-06 09:00 | – | Tạm dừng từ 10:00 05/10/2026: sẽ tính lại trong ngày | Paused from 10:00 05/10/2026: the day begins again',
      'resumed | 10-06 09:00 | 10-06 09:00 | – | Tiếp tục từ 09:00 06/10/2026: đủ thời hạn trong ngày | Resumed 09:00 06/10/2026: the whole term, end of day',
      'due | 10-06 17:00 | 10-06 17:00 | 2026-10-06 | Hạn: 17:00, Thứ Ba 06/10/2026 | Due: 17:00, Tue 06/10/2026',
    ]],
    ['a term from before the calendar begins', '2025-12-29 09:00', { unit: 'calendar-days', value: 2 }, [], [
      'received | 12-29 09:00 | 12-29 09:00 | – | Tiếp nhận 09:00 29/12/2025; thời hạn 2 ngày | Received 09:00 29/12/2025; term: 2 calendar days',
      'counted | 12-30 00:00 | 01-01 00:00 | 2025-12-30 | 2 ngày, kể cả ngày nghỉ: từ 30/12/2025 đến 31/12/2025 | 2 days, days off included: 30/12/2025 to 31/12/2025',
      'nominal | 12-31 00:00 | 01-01 00:00 | 2025-12-31 | Ngày cuối theo số ngày: Thứ Tư 31/12/2025 | Last day by count: Wed 31/12/2025',
      'due | 12-31 17:00 | 12-31 17:00 | 2025-12-31 | Hạn: 17:00, Thứ Tư 31/12/2025 | Due: 17:00, Wed 31/12/2025',
      'provisional | 12-31 17:00 | 12-31 17:00 | – | Tạm tính: lịch chỉ biết ngày nghỉ từ 01/01/2026 đến 31/12/2026 | Provisional: days off are known from 01/01/2026 to 31/12/2026 only',
    ]],
  ])('line by line: %s', (_what, received, term, pauses, expected) => expect(whole(working(received, term, pauses))).toEqual(expected));

  it('lateness and nothing left, in English', () => {
    const late = working('2026-10-05 09:00', { unit: 'working-days', value: 1 }, [pause('2026-10-07 09:00', null)]);
    expect(whole(late)).toContain('paused-late | 10-07 09:00 | 10-07 09:00 | – | Tạm dừng 09:00 07/10/2026 sau khi đã quá hạn: hạn không đổi, 17:00 06/10/2026 | Paused 09:00 07/10/2026, already overdue: the deadline stays 17:00 06/10/2026');
    const nothing = working('2026-10-05 09:00', { unit: 'working-days', value: 1 }, [pause('2026-10-06 09:00', '2026-10-08 09:00')]);
    expect(lines(nothing, 'en').at(-1)).toBe('Due: 17:00, Thu 08/10/2026 (no time left: the end of the day of resuming)');
    expect(lines(working('2026-10-05 09:00', { unit: 'end-of-day', cutoff: { time: '15:00', effect: 'next-working-day' } }), 'en')[0]).toBe('Received 09:00 05/10/2026; term: end of day, cut-off 15:00');
  });

  it('a day that nobody confirmed is named, and a term of hours on end depends on no calendar', () => {
    const asked = (received: string, term: Term) => computeDeadline({ calendar: CALENDAR_2026, receivedAt: at(received), term, pauses: [] });
    expect(asked('2026-11-23 09:00', { unit: 'working-days', value: 1 })).toMatchObject({ unconfirmed: ['2026-11-24'], provisional: false, day0: '2026-11-23', pausedSince: null });
    expect(asked('2026-11-25 09:00', { unit: 'working-days', value: 1 })).toMatchObject({ unconfirmed: [], provisional: false });
    expect(asked('2026-12-31 09:00', { unit: 'clock-hours', value: 48 })).toMatchObject({ provisional: false });
    // The last day that is covered, and the first that is not.
    expect(asked('2026-12-30 09:00', { unit: 'working-days', value: 1 })).toMatchObject({ provisional: false });
    expect(asked('2026-12-31 09:00', { unit: 'working-days', value: 1 })).toMatchObject({ provisional: true });
    const ending = computeDeadline({ calendar: { ...CALENDAR_2026, validTo: '2026-10-06' }, receivedAt: at('2026-10-05 09:00'), term: { unit: 'working-days', value: 1 }, pauses: [] });
    const ended = computeDeadline({ calendar: { ...CALENDAR_2026, validTo: '2026-10-05' }, receivedAt: at('2026-10-05 09:00'), term: { unit: 'working-days', value: 1 }, pauses: [] });
    expect([ending.provisional, ended.provisional]).toEqual([false, true]);
  });

  it('stays readable: the middle of a long count is left out', () => {
    const steps = working('2026-01-05 09:00', { unit: 'working-days', value: 3660 });
    expect(steps).toHaveLength(MAX_STEPS);
    expect(steps.filter((step) => step.kind === 'omitted')).toHaveLength(1);
    expect(steps.at(-2)?.kind).toBe('due');
    const at500 = steps.findIndex((step) => step.kind === 'omitted');
    const [before, omitted, after] = [steps[at500 - 1], steps[at500], steps[at500 + 1]];
    // Half of them before it, what is left out counted, and no line twice on either side.
    expect(at500).toBe(MAX_STEPS / 2);
    expect(omitted?.note.vi).toMatch(/^… \d+ dòng$/);
    expect(omitted?.note.en).toMatch(/^… \d+ lines$/);
    expect([omitted!.from >= before!.to, omitted!.to <= after!.from]).toEqual([true, true]);
    // The day of receipt has no line of its own; every day after it has one, and three lines more: received, due, provisional.
    const [first, last] = [at('2026-01-05 00:00'), steps.at(-2)!.from];
    const days = Math.floor((last - first) / 86_400_000);
    expect(Number(/\d+/.exec(omitted!.note.en)?.[0])).toBe(days + 3 - (MAX_STEPS - 1));
  });
});
