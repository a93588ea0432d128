import { type Text } from '@quan-so/contract';
import { databaseBusy } from './problems.js';

/** Deadlines, days in codes and times of entries are reckoned by the clock of the process: further from the database's it is wrong. */
export const MOST_APART_MS = 2_000;

const APART: Text = {
  vi: 'Đồng hồ của máy chủ này lệch với cơ sở dữ liệu, nên chưa nhận việc gì. Gửi lại với cùng Idempotency-Key.',
  en: 'The clock of this server is not the one of the database, so it takes no work. Send again with the same Idempotency-Key.',
};

/** How far the clock of this process is from the database's, by what the database last told. */
export class ClockWatch {
  #apartMs = 0;

  /** `told` came as the answer to what was asked at `asked`. Answers by how much at least the two are apart, ms. */
  heard(asked: number, told: Date): number {
    // While we waited any time in between may have been told: only what lies outside says something.
    this.#apartMs = Math.max(asked - told.getTime(), told.getTime() - Date.now(), 0);
    return this.#apartMs;
  }

  get wrong(): boolean {
    return this.#apartMs > MOST_APART_MS;
  }

  /** Throws Refusal DATABASE_BUSY: another process with a right clock will answer, or this one once it is set. */
  demandRight(): void {
    if (!this.wrong) return;
    throw databaseBusy(new Error(`the clock is ${Math.round(this.#apartMs / 1_000)} s from the database's`), APART);
  }
}
