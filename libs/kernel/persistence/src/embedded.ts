/** Told to people as it is. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  constructor(readonly sentence: { readonly vi: string; readonly en: string }) {
    super(sentence.en);
  }
}

export interface EmbeddedPostgres {
  readonly port: number;
  readonly pid: number;
  url(database: string, role: { readonly name: string; readonly password: string }): string;
  ensureRole(name: string, password: string): Promise<void>;
  ensureDatabase(name: string, owner: string, apps: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export function startEmbeddedPostgres(options: { readonly dataDir: string; readonly port?: number; readonly durable?: boolean }): Promise<EmbeddedPostgres> {
  return Promise.reject(new Error(`not started: ${options.dataDir}`));
}
