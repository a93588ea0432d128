import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Refusal } from '@quan-so/contract';
import { answerClientError, answerRefusal, drain, SERVER_OPTIONS, SERVICE_UNAVAILABLE } from '@quan-so/http';
import { log } from '@quan-so/observability';
import { pages, pick, type Handler } from './doors.js';

const CLOSE_MS = 1_000;
const JSON_TYPE = 'application/json; charset=utf-8';
const WHY = 'the database was put back or is on another server; nothing works before it was compared with the broker';

/** Where a service stands while it must not work: it lives, is not ready and says why, and refuses everything else. */
export async function openWaitingDoor(service: string, { host, port }: { readonly host: string; readonly port: number }): Promise<{ close(): Promise<void> }> {
  const page = (status: number, body: object): Handler => pages(() => ({ status, type: JSON_TYPE, body: JSON.stringify(body) }));
  const routes = new Map<string, Handler>([
    ['/health/live', page(200, { live: true })],
    ['/health/ready', page(503, { ready: false, parts: { messages: { ok: false, detail: WHY } } })],
    ['/', (req, res) => answerRefusal(req, res, new Refusal(SERVICE_UNAVAILABLE))],
  ]);
  const server = createServer(SERVER_OPTIONS, (req, res) => {
    res.setHeader('Connection', 'close');
    pick(routes, req.url ?? '/')?.(req, res);
  });
  server.on('clientError', answerClientError);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  log(service).warn('the service waits', { port: (server.address() as AddressInfo).port, reason: WHY });
  return {
    close: async () => {
      await drain(server, [], CLOSE_MS);
      server.closeAllConnections();
    },
  };
}
