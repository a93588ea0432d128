import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { count, startTelemetry } from './index.js';

describe('measurements', () => {
  it('are pushed to any OTLP back end, the last of them on the way down', async () => {
    const got: { url: string; body: Buffer }[] = [];
    const backEnd = await new Promise<Server>((resolve) => {
      const server = createServer((req, res) => {
        const chunks: Buffer[] = [];
        req.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
          got.push({ url: req.url ?? '', body: Buffer.concat(chunks) });
          res.writeHead(200).end();
        });
      }).listen(0, '127.0.0.1', () => resolve(server));
    });
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${(backEnd.address() as AddressInfo).port}`;
    const telemetry = await startTelemetry({ service: 'dossiers', version: '0.1.0', environment: 'local' });
    count('quanso_http_shed_total', { service: 'dossiers', reason: 'room' }, 3);
    await telemetry.shutdown();
    backEnd.close();
    const pushed = Buffer.concat(got.filter(({ url }) => url === '/v1/metrics').map(({ body }) => body));
    for (const text of ['quanso_http_shed_total', 'room', 'service.instance.id', 'quanso_process_memory_bytes']) expect(pushed.includes(text)).toBe(true);
    expect(pushed.includes(process.cwd())).toBe(false);
    // Nothing is measured any more, and nobody is hurt by that.
    expect(() => count('quanso_http_shed_total', { service: 'dossiers', reason: 'room' })).not.toThrow();
  });
});
