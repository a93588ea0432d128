import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** AES keys by id and the key of the blind index, each 32 bytes in base64; `current` names the one that seals. */
export interface SealKeys {
  readonly current: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly index: string;
}

/** The text was sealed for another context, with a key that is not in the ring, or changed since. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^s1\.([^.]{1,40})\.([A-Za-z0-9_-]+)$/;

/**
 * Seals identifiers (personal number, phone, account) before they are stored or told. `context` says where the text stands,
 * e.g. `dossier:applicant.personalNumber:<id>`; a sealed text moved elsewhere does not open.
 */
export class Seal {
  readonly #current: string;
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #index: Buffer;

  constructor(keys: SealKeys) {
    this.#keys = new Map(Object.entries(keys.keys).map(([id, key]) => [id, keyOf(key)]));
    this.#index = keyOf(keys.index);
    this.#current = keys.current;
    if (!this.#keys.has(keys.current)) throw new TypeError('seal: the current key is not in the ring');
    if ([...this.#keys.keys()].some((id) => !/^[^.]{1,40}$/.test(id))) throw new TypeError('seal: a key id has 1–40 characters and no dot');
  }

  /** `s1.<key id>.<base64url of nonce, ciphertext, tag>`; another text each time. */
  seal(text: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key(this.#current), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(this.#current, context));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `s1.${this.#current}.${sealed.toString('base64url')}`;
  }

  /** The text again. Throws SealError. */
  open(sealed: string, context: string): string {
    const [, id = '', encoded = ''] = SEALED.exec(sealed) ?? [];
    const bytes = Buffer.from(encoded, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealError('no sealed text');
    const decipher = createDecipheriv(ALGORITHM, this.#key(id), bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(id, context));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      throw new SealError('the sealed text is not of this context, or was changed');
    }
  }

  /** Blind index (HMAC-SHA-256, base64url): equal texts of one context have equal indexes; it tells nothing else. */
  index(text: string, context: string): string {
    return createHmac('sha256', this.#index).update(`${context.length}:${context}${text}`).digest('base64url');
  }

  #key(id: string): Buffer {
    const key = this.#keys.get(id);
    if (key === undefined) throw new SealError('the key is not in the ring');
    return key;
  }
}

/** The key id is bound too: nobody can relabel a text. */
function boundTo(id: string, context: string): Buffer {
  return Buffer.from(`${id}\n${context}`, 'utf8');
}

function keyOf(base64: string): Buffer {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== KEY_BYTES) throw new TypeError('seal: a key has 32 bytes in base64');
  return key;
}
