import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Refusal } from '@quan-so/contract';
import { answerClientError, answerRefusal, HOST_NOT_SERVED, SERVER_OPTIONS, SERVICE_UNAVAILABLE } from '@quan-so/http';
import { pick, type Routes } from '@quan-so/service';
import { StartError } from './options.js';

export interface Front {
  readonly server: Server;
  readonly port: number;
  /** Set once all services stand; until then everything is answered 503. */
  open(routes: Routes): void;
  close(): Promise<void>;
}

/** One address for everything. Listens first, so that a busy port is told before a database is started. */
export async function openFront(port: number): Promise<Front> {
  let routes: Routes = new Map();
  const server = createServer(SERVER_OPTIONS, (req, res) => {
    // Before anybody answers: pages such as /traces ask nobody who they are.
    if (!isOurs(req)) return answerRefusal(req, res, new Refusal(HOST_NOT_SERVED));
    const handler = pick(routes, req.url ?? '/');
    if (handler === undefined) answerRefusal(req, res, new Refusal(SERVICE_UNAVAILABLE));
    else handler(req, res);
  });
  server.on('clientError', answerClientError);
  await listen(server, port);
  return {
    server,
    port: (server.address() as AddressInfo).port,
    open: (opened) => (routes = opened),
    close: () => close(server),
  };
}

/**
 * Whether the request was meant for this machine. A foreign page whose name is pointed at 127.0.0.1 (DNS rebinding) counts
 * as same-origin with us for its browser; only the Host that it sends tells it from us.
 */
function isOurs({ headers, socket }: IncomingMessage): boolean {
  const [, name, port = '80'] = /^(127\.0\.0\.1|localhost)(?::(\d{1,5}))?$/i.exec(headers.host ?? '') ?? [];
  return name !== undefined && Number(port) === socket.localPort;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return reject(error);
      reject(
        new StartError(
          `Cổng ${port} không dùng được (đang có chương trình khác hoặc không đủ quyền); thử: PORT=${port + 1} npm start.`,
          `port ${port} is taken or not allowed; try: PORT=${port + 1} npm start.`,
        ),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 10_000).unref();
  });
}
