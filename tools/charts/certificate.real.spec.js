import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateOf } from './certificate.js';

describe('the certificate of the broker', () => {
  it('names every name it is called by, and a new one is trusted by whoever trusted the old', () => {
    const folder = mkdtempSync(join(tmpdir(), 'quan-so-certificate-'));
    try {
      const first = certificateOf(folder, 'kafka.stores', ['kafka'], undefined);
      const second = certificateOf(folder, 'kafka.stores', ['kafka'], first.authority);
      const authority = new X509Certificate(first.authority.certificate);
      for (const { certificate, key } of [first, second]) {
        const read = new X509Certificate(certificate);
        expect([read.verify(authority.publicKey), read.checkHost('kafka.stores'), read.checkHost('kafka'), read.checkHost('elsewhere')]).toEqual([true, 'kafka.stores', 'kafka', undefined]);
        expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
      }
      expect(second.certificate).not.toBe(first.certificate);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
