/** A Java key store of certificates that are trusted, written without Java: the same certificates give the same bytes. */
import { createHash, X509Certificate } from 'node:crypto';

/** Every Java knows this one; it guards nothing, the certificates are public. */
const PASSWORD = 'changeit';

/**
 * @param {readonly { alias: string, pem: string }[]} certificates
 * @param {number} at seconds since 1970, of every entry
 * @returns {Buffer} format JKS, version 2
 */
export function trustStoreOf(certificates, at) {
  const head = Buffer.alloc(12);
  head.writeUInt32BE(0xfeedfeed, 0);
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(certificates.length, 8);
  const body = Buffer.concat([head, ...certificates.map((one) => entryOf(one, at))]);
  // What the format calls a check of integrity.
  const sum = createHash('sha1').update(Buffer.from(PASSWORD, 'utf16le').swap16()).update('Mighty Aphrodite').update(body).digest();
  return Buffer.concat([body, sum]);
}

/** @param {{ alias: string, pem: string }} certificate @param {number} at */
function entryOf({ alias, pem }, at) {
  const trusted = Buffer.alloc(4);
  trusted.writeUInt32BE(2);
  const date = Buffer.alloc(8);
  date.writeBigUInt64BE(BigInt(at) * 1_000n);
  const der = new X509Certificate(pem).raw;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(der.length);
  return Buffer.concat([trusted, text(alias), date, text('X.509'), length, der]);
}

/** @param {string} value ASCII */
function text(value) {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([length, Buffer.from(value, 'latin1')]);
}
