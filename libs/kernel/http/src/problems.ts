import { defineProblem, type ProblemDef } from '@quan-so/contract';

/*
 * What the door itself refuses, before a service is asked. Codes are part of the contract of every API: never rename one.
 * Status: 400 syntax and schema, 406–431 HTTP's own words, 428 a missing version, 500/503 our side.
 */

export const MALFORMED_REQUEST = defineProblem('MALFORMED_REQUEST', 400, {
  title: { vi: 'Yêu cầu không đúng giao thức HTTP', en: 'The request is not valid HTTP' },
  remedy: {
    vi: 'Kiểm tra dòng yêu cầu, tiêu đề và độ dài thân mà chương trình của bạn gửi.',
    en: 'Check the request line, headers and body length that your program sends.',
  },
});

export const INVALID_PATH = defineProblem('INVALID_PATH', 400, {
  title: { vi: 'Đường dẫn mã hoá sai', en: 'The path is wrongly encoded' },
  remedy: {
    vi: 'Mã hoá phần trăm từng đoạn đường dẫn theo UTF-8 (RFC 3986).',
    en: 'Percent-encode every path segment as UTF-8 (RFC 3986).',
  },
});

export const VALIDATION_FAILED = defineProblem('VALIDATION_FAILED', 400, {
  title: { vi: 'Dữ liệu gửi lên không hợp lệ', en: 'The data sent is not valid' },
  remedy: {
    vi: 'Sửa từng mục trong “errors” (pointer chỉ đúng chỗ sai) rồi gửi lại.',
    en: 'Correct each entry of “errors” (its pointer shows the place), then send again.',
  },
});

export const EMPTY_BODY = defineProblem('EMPTY_BODY', 400, {
  title: { vi: 'Thiếu nội dung yêu cầu', en: 'The request has no body' },
  remedy: {
    vi: 'Gửi một tài liệu JSON với Content-Type: application/json.',
    en: 'Send a JSON document with Content-Type: application/json.',
  },
});

export const INVALID_JSON = defineProblem('INVALID_JSON', 400, {
  title: { vi: 'Nội dung không phải JSON', en: 'The body is not JSON' },
  remedy: {
    vi: 'Sửa lỗi cú pháp theo RFC 8259: không chú thích, không dấu phẩy thừa, không BOM, không NaN.',
    en: 'Correct the syntax as RFC 8259 says: no comments, no trailing comma, no byte order mark, no NaN.',
  },
});

export const INVALID_ENCODING = defineProblem('INVALID_ENCODING', 400, {
  title: { vi: 'Nội dung không phải UTF-8', en: 'The body is not UTF-8' },
  remedy: {
    vi: 'Chuyển văn bản (TCVN3, VNI, UTF-16…) sang UTF-8 trước khi gửi.',
    en: 'Convert the text (TCVN3, VNI, UTF-16…) to UTF-8 before sending.',
  },
});

export const INVALID_TEXT = defineProblem('INVALID_TEXT', 400, {
  title: { vi: 'Văn bản chứa ký tự không được phép', en: 'A text holds a character that is not allowed' },
  remedy: {
    vi: 'Bỏ ký tự NUL (U+0000) và nửa cặp thay thế (surrogate) đứng lẻ.',
    en: 'Remove the NUL character (U+0000) and lone surrogates.',
  },
});

export const TOO_DEEP = defineProblem('TOO_DEEP', 400, {
  title: { vi: 'JSON lồng quá sâu', en: 'The JSON is nested too deeply' },
  remedy: { vi: 'Lồng không quá 32 tầng.', en: 'Nest no more than 32 levels.' },
});

export const TOO_MANY_KEYS = defineProblem('TOO_MANY_KEYS', 400, {
  title: { vi: 'JSON có quá nhiều khoá', en: 'The JSON has too many keys' },
  remedy: { vi: 'Gửi không quá 10.000 khoá trong một yêu cầu.', en: 'Send no more than 10,000 keys in one request.' },
});

export const FORBIDDEN_KEY = defineProblem('FORBIDDEN_KEY', 400, {
  title: { vi: 'Tên khoá không được phép', en: 'A key has a forbidden name' },
  remedy: {
    vi: 'Không dùng “__proto__”, “constructor”, “prototype” làm tên khoá.',
    en: 'Do not use “__proto__”, “constructor” or “prototype” as a key.',
  },
});

export const DUPLICATE_KEY = defineProblem('DUPLICATE_KEY', 400, {
  title: { vi: 'Một khoá xuất hiện hai lần', en: 'A key appears twice' },
  remedy: {
    vi: 'Mỗi khoá chỉ một lần trong một đối tượng: nơi khác có thể đọc ra một tài liệu khác.',
    en: 'Write each key once per object: another reader may see another document.',
  },
});

export const UNSAFE_NUMBER = defineProblem('UNSAFE_NUMBER', 400, {
  title: { vi: 'Số không giữ được nguyên vẹn', en: 'A number cannot be kept exactly' },
  remedy: {
    vi: 'Gửi số lớn hơn 2^53−1 (và mọi mã định danh) dưới dạng chuỗi; không gửi −0 hay số tràn.',
    en: 'Send numbers above 2^53−1 (and every identifier) as strings; no −0, no overflow.',
  },
});

export const IDEMPOTENCY_KEY_REQUIRED = defineProblem('IDEMPOTENCY_KEY_REQUIRED', 400, {
  title: { vi: 'Thiếu Idempotency-Key', en: 'Idempotency-Key is missing' },
  remedy: {
    vi: 'Gửi tiêu đề Idempotency-Key là một UUID mới cho mỗi ý định; gửi lại cùng khoá khi thử lại.',
    en: 'Send an Idempotency-Key header: a new UUID per intention, the same one on a retry.',
  },
});

export const IDEMPOTENCY_KEY_INVALID = defineProblem('IDEMPOTENCY_KEY_INVALID', 400, {
  title: { vi: 'Idempotency-Key sai dạng', en: 'Idempotency-Key has another form' },
  remedy: {
    vi: 'Gửi đúng một UUID chữ thường, ví dụ 0190f6a0-7c1e-7b2a-9d3e-1f2a3b4c5d6e.',
    en: 'Send exactly one UUID in lower case, e.g. 0190f6a0-7c1e-7b2a-9d3e-1f2a3b4c5d6e.',
  },
});

export const IF_MATCH_INVALID = defineProblem('IF_MATCH_INVALID', 400, {
  title: { vi: 'If-Match sai dạng', en: 'If-Match has another form' },
  remedy: {
    vi: 'Gửi đúng ETag mạnh đã nhận, ví dụ If-Match: "3"; không dùng *, W/ hay danh sách.',
    en: 'Send the one strong ETag you received, e.g. If-Match: "3"; no *, no W/, no list.',
  },
});

export const PURPOSE_REQUIRED = defineProblem('PURPOSE_REQUIRED', 400, {
  title: { vi: 'Thiếu mục đích khai thác', en: 'The purpose is missing' },
  remedy: {
    vi: 'Dữ liệu cá nhân chỉ được đọc khi nêu mục đích: gửi tiêu đề Purpose-Code, ví dụ DOSSIER_HANDLING.',
    en: 'Personal data is read for a stated purpose: send a Purpose-Code header, e.g. DOSSIER_HANDLING.',
  },
});

export const PURPOSE_INVALID = defineProblem('PURPOSE_INVALID', 400, {
  title: { vi: 'Mã mục đích sai dạng', en: 'The purpose code has another form' },
  remedy: {
    vi: 'Purpose-Code gồm chữ không dấu, số, gạch dưới và gạch nối, tối đa 60 ký tự.',
    en: 'Purpose-Code holds ASCII letters, digits, underscores and hyphens, at most 60 characters.',
  },
});

export const CURSOR_INVALID = defineProblem('CURSOR_INVALID', 400, {
  title: { vi: 'Con trỏ trang không dùng được', en: 'The page cursor cannot be used' },
  remedy: {
    vi: 'Con trỏ chỉ dùng cho đúng người, đúng bộ lọc đã tạo ra nó, trong 24 giờ; đọc lại từ trang đầu.',
    en: 'A cursor serves only the caller and the filters that made it, for 24 hours; start again at the first page.',
  },
});

export const NOT_FOUND = defineProblem('NOT_FOUND', 404, {
  title: { vi: 'Không có gì ở địa chỉ này', en: 'There is nothing at this address' },
  remedy: { vi: 'Xem các địa chỉ đúng ở /docs.', en: 'The right addresses are listed at /docs.' },
});

export const METHOD_NOT_ALLOWED = defineProblem('METHOD_NOT_ALLOWED', 405, {
  title: { vi: 'Địa chỉ này không nhận phương thức đó', en: 'This address does not take that method' },
  remedy: { vi: 'Dùng một phương thức nêu ở tiêu đề Allow.', en: 'Use a method named in the Allow header.' },
});

export const NOT_ACCEPTABLE = defineProblem('NOT_ACCEPTABLE', 406, {
  title: { vi: 'Không trả lời được theo kiểu nội dung yêu cầu', en: 'The asked content type cannot be answered' },
  remedy: { vi: 'Gửi Accept: application/json hoặc bỏ tiêu đề Accept.', en: 'Send Accept: application/json, or no Accept header.' },
});

export const REQUEST_TIMEOUT = defineProblem('REQUEST_TIMEOUT', 408, {
  title: { vi: 'Yêu cầu gửi tới quá chậm', en: 'The request arrived too slowly' },
  remedy: { vi: 'Gửi lại trọn vẹn trong 30 giây.', en: 'Send it again, whole, within 30 seconds.' },
  retryable: true,
});

export const BODY_TOO_LARGE = defineProblem('BODY_TOO_LARGE', 413, {
  title: { vi: 'Nội dung quá lớn', en: 'The body is too large' },
  remedy: { vi: 'Gửi không quá 256 KB trong một yêu cầu.', en: 'Send no more than 256 KB in one request.' },
});

export const URI_TOO_LONG = defineProblem('URI_TOO_LONG', 414, {
  title: { vi: 'Địa chỉ quá dài', en: 'The address is too long' },
  remedy: { vi: 'Địa chỉ dài tối đa 8 KB, mỗi đoạn tối đa 200 ký tự.', en: 'At most 8 KB in all, 200 characters per segment.' },
});

export const UNSUPPORTED_MEDIA_TYPE = defineProblem('UNSUPPORTED_MEDIA_TYPE', 415, {
  title: { vi: 'Kiểu hoặc cách nén nội dung không được nhận', en: 'The content type or coding is not taken' },
  remedy: {
    vi: 'Gửi Content-Type: application/json (UTF-8), không nén (không Content-Encoding).',
    en: 'Send Content-Type: application/json (UTF-8) without compression (no Content-Encoding).',
  },
});

export const HOST_NOT_SERVED = defineProblem('HOST_NOT_SERVED', 421, {
  title: { vi: 'Tên máy chủ này không phải của chúng tôi', en: 'This host name is not ours' },
  remedy: {
    vi: 'Gọi đúng địa chỉ đã in ra khi khởi động; trang lạ trỏ tên của nó về máy này thì không được trả lời.',
    en: 'Call the address that was printed at the start; a foreign page that points its name at this machine gets no answer.',
  },
});

export const IF_MATCH_REQUIRED = defineProblem('IF_MATCH_REQUIRED', 428, {
  title: { vi: 'Thiếu phiên bản đang sửa', en: 'The version being changed is missing' },
  remedy: {
    vi: 'Đọc lại, rồi gửi If-Match với ETag vừa nhận để không ghi đè việc của người khác.',
    en: 'Read it, then send If-Match with that ETag, so that nobody’s work is overwritten.',
  },
});

export const RATE_LIMITED = defineProblem('RATE_LIMITED', 429, {
  title: { vi: 'Gửi quá nhiều yêu cầu', en: 'Too many requests' },
  remedy: {
    vi: 'Chờ số giây nêu ở Retry-After rồi gửi lại; hạn mức ở RateLimit-Policy.',
    en: 'Wait the seconds in Retry-After, then send again; RateLimit-Policy shows the quota.',
  },
  retryable: true,
});

export const HEADERS_TOO_LARGE = defineProblem('HEADERS_TOO_LARGE', 431, {
  title: { vi: 'Tiêu đề quá lớn', en: 'The headers are too large' },
  remedy: { vi: 'Tổng các tiêu đề và địa chỉ tối đa 16 KB.', en: 'At most 16 KB for all headers and the address.' },
});

export const INTERNAL_ERROR = defineProblem('INTERNAL_ERROR', 500, {
  title: { vi: 'Lỗi phía máy chủ', en: 'Something failed on our side' },
  remedy: {
    vi: 'Thử lại với cùng Idempotency-Key; nếu còn lỗi, báo người vận hành kèm traceId.',
    en: 'Try again with the same Idempotency-Key; if it stays, tell the operator the traceId.',
  },
  retryable: true,
});

export const ANSWER_NOT_DECLARED = defineProblem('ANSWER_NOT_DECLARED', 500, {
  title: { vi: 'Câu trả lời không có trong tài liệu API', en: 'The answer is not in the API document' },
  remedy: {
    vi: 'Lỗi của dịch vụ, chỉ báo khi kiểm thử: khai báo câu trả lời trong hợp đồng hoặc sửa dịch vụ.',
    en: 'A defect of the service, told in tests only: declare the answer in the contract or mend the service.',
  },
});

export const SERVICE_UNAVAILABLE = defineProblem('SERVICE_UNAVAILABLE', 503, {
  title: { vi: 'Dịch vụ tạm thời không phục vụ được', en: 'The service cannot answer for the moment' },
  remedy: {
    vi: 'Chờ số giây nêu ở Retry-After rồi gửi lại với cùng Idempotency-Key.',
    en: 'Wait the seconds in Retry-After, then send again with the same Idempotency-Key.',
  },
  retryable: true,
});

export const SHUTTING_DOWN = defineProblem('SHUTTING_DOWN', 503, {
  title: { vi: 'Dịch vụ đang dừng', en: 'The service is stopping' },
  remedy: {
    vi: 'Gửi lại ngay trên một kết nối mới: bản khác của dịch vụ sẽ trả lời.',
    en: 'Send again on a new connection: another copy of the service will answer.',
  },
  retryable: true,
});

/** Everything the door itself may refuse with, whatever the operation. */
export const httpProblems: readonly ProblemDef[] = [
  MALFORMED_REQUEST,
  INVALID_PATH,
  VALIDATION_FAILED,
  EMPTY_BODY,
  INVALID_JSON,
  INVALID_ENCODING,
  INVALID_TEXT,
  TOO_DEEP,
  TOO_MANY_KEYS,
  FORBIDDEN_KEY,
  DUPLICATE_KEY,
  UNSAFE_NUMBER,
  IDEMPOTENCY_KEY_REQUIRED,
  IDEMPOTENCY_KEY_INVALID,
  IF_MATCH_INVALID,
  PURPOSE_REQUIRED,
  PURPOSE_INVALID,
  CURSOR_INVALID,
  NOT_FOUND,
  METHOD_NOT_ALLOWED,
  NOT_ACCEPTABLE,
  REQUEST_TIMEOUT,
  BODY_TOO_LARGE,
  URI_TOO_LONG,
  UNSUPPORTED_MEDIA_TYPE,
  HOST_NOT_SERVED,
  IF_MATCH_REQUIRED,
  RATE_LIMITED,
  HEADERS_TOO_LARGE,
  INTERNAL_ERROR,
  ANSWER_NOT_DECLARED,
  SERVICE_UNAVAILABLE,
  SHUTTING_DOWN,
];
