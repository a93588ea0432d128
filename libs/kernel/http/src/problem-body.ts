import { z } from 'zod';

const text = (max: number, description: string, example: string): z.ZodString => z.string().max(max).meta({ description, examples: [example] });

const fault = z
  .object({
    pointer: text(300, 'Con trỏ JSON tới chỗ sai: /body/…, /query/…, /headers/…. / JSON pointer of the place.', '/body/applicant/name'),
    code: text(100, 'Mã của chỗ sai. / Code of this fault.', 'TOO_SMALL'),
    detail: text(1_000, 'Vì sao sai. / Why.', 'Không được để trống.'),
  })
  .meta({ id: 'Fault', description: 'Một chỗ sai trong yêu cầu. / One fault of the request.' });

/** The body of every refusal and error (RFC 9457); the members each problem adds stand beside these. */
export const problemBody = z
  .object({
    type: z
      .string()
      .max(200)
      .regex(/^\/problems\/[A-Z0-9_]+$/)
      .meta({ description: 'Trang của mã lỗi, trên cùng máy chủ. / The page of the code, on the same host.', examples: ['/problems/RATE_LIMITED'] }),
    title: text(300, 'Điều đã xảy ra, theo Accept-Language. / What happened, by Accept-Language.', 'Gửi quá nhiều yêu cầu'),
    status: z.int().min(400).max(599).meta({ description: 'Mã trạng thái HTTP. / HTTP status.', examples: [429] }),
    code: z.string().max(100).meta({ description: 'Mã ổn định; chương trình dựa vào đây. / Stable code for programs.', examples: ['RATE_LIMITED'] }),
    detail: text(2_000, 'Riêng trường hợp này. / About this very case.', 'Chờ 3 giây.'),
    instance: text(200, 'Định danh của lần này. / Identifier of this occurrence.', 'urn:quanso:request:01997e3c-8f00-7000-8000-000000000001'),
    retryable: z.boolean().meta({ description: 'Gửi lại y nguyên có thể được. / The same request may succeed later.', examples: [true] }),
    errors: z.array(fault).max(50).optional().meta({ description: 'Từng chỗ sai. / Each fault.' }),
    requestId: text(100, 'Mã yêu cầu, như ở Request-Id. / As in Request-Id.', '01997e3c-8f00-7000-8000-000000000001'),
    traceId: text(32, 'Vết, để nêu khi hỏi người vận hành; không có khi bị từ chối trước khi có vết. / Trace, to be told to operators; absent when refused before one began.', '4bf92f3577b34da6a3ce929d0e0e4736').optional(),
  })
  .meta({ id: 'Problem', description: 'Từ chối hoặc lỗi (RFC 9457); mỗi mã có thể thêm mục riêng. / A refusal or error; a code may add members of its own.' });
