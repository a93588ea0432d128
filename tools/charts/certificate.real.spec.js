import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorityOf, certificateOf } from './certificate.js';

let folder;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'quan-so-certificate-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether who trusts `ca` talks to a server with this certificate. */
async function trusted({ certificate, key }, ca) {
  const server = createServer({ cert: certificate, key }, (socket) => socket.end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const answer = await new Promise((resolve) => {
    const socket = connect({ port: server.address().port, host: '127.0.0.1', servername: 'kafka.stores', ca }, () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
  await new Promise((resolve) => server.close(resolve));
  return answer;
}

it('names every name the broker is called by, and a new one is trusted by whoever trusted the old', () => {
  const authority = authorityOf(folder);
  const [first, second] = [certificateOf(folder, 'stores', authority), certificateOf(folder, 'stores', authority)];
  const signer = new X509Certificate(authority.certificate);
  for (const { certificate, key } of [first, second]) {
    const read = new X509Certificate(certificate);
    expect([read.verify(signer.publicKey), read.checkHost('kafka.stores'), read.checkHost('kafka'), read.checkHost('elsewhere')]).toEqual([true, 'kafka.stores', 'kafka', undefined]);
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  }
  expect(second.certificate).not.toBe(first.certificate);
});

it('lets an authority follow another: who trusts both talks to a broker of either, who trusts one to that alone', async () => {
  const [old, next] = [authorityOf(folder), authorityOf(folder)];
  const [before, after] = [certificateOf(folder, 'stores', old), certificateOf(folder, 'stores', next)];
  const both = `${old.certificate}${next.certificate}`;
  const seen = [];
  for (const [server, ca] of [[before, both], [after, both], [before, next.certificate], [after, old.certificate], [after, next.certificate]]) seen.push(await trusted(server, ca));
  expect(seen).toEqual([true, true, false, false, true]);
});
