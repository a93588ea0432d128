import { setTimeout as sleep } from 'node:timers/promises';
import { Changed, Noted, type Service } from './world.js';

/** Forty transactions: half touch another table first, so that ids, transaction numbers and commits come in other orders. */
export async function writeThings(teller: Service, keys: readonly string[], random: () => number): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) {
    const key = keys[Math.floor(random() * keys.length)] ?? '';
    const isLost = random() < 0.05;
    const noise = random() < 0.5;
    await teller.work
      .internal('thing.write', async (tx) => {
        if (noise) await tx.sql('test-noise', 'INSERT INTO noise (at) VALUES (now())');
        await sleep(random() * 3);
        const [row] = await tx.sql<{ n: number }>('test-next', 'UPDATE thing SET n = n + 1 WHERE key = $1 RETURNING n', [key]);
        tx.emit(random() < 0.5 ? Noted : Changed, key, { dataset: 'things', code: 'x', n: row?.n ?? 0 });
        if (isLost) throw new RangeError('given up');
      })
      .catch((error: unknown) => {
        if (!(error instanceof RangeError)) throw error;
      });
  }
}

/** The sequence of a linear congruential generator: the same disorder in every run. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}
