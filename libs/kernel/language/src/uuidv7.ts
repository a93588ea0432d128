import { LanguageError } from './error.js';
import { type EpochMs } from './time.js';

const UUIDV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const LAST_MS = 2 ** 48 - 1;

/** A UUIDv7 (RFC 9562, 5.7) of an instant and ten bytes of randomness, both given: this library has neither. */
export function uuidv7From(ms: EpochMs, random: Uint8Array): string {
  if (!Number.isInteger(ms) || ms < 0 || ms > LAST_MS || random.length !== 10) throw new RangeError('uuidv7: whole milliseconds since 1970 and ten bytes');
  const hex = [...random].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const time = ms.toString(16).padStart(12, '0');
  const variant = ((Number.parseInt(hex.slice(4, 6), 16) & 0x3f) | 0x80).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(6, 8)}-${hex.slice(8)}`;
}

/** The instant in a UUIDv7, lower case. Throws UUID_NOT_VALID for any other text. */
export function instantOfUuidv7(id: string): EpochMs {
  if (!UUIDV7.test(id)) throw new LanguageError('UUID_NOT_VALID', 'Mã không phải UUIDv7.', 'The id is no UUIDv7.');
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
