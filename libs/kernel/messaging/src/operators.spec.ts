import { Operators, type OperatorsOptions } from './operators.js';
import { type Replicas } from './replicas.js';

function operatorsOf(seconds: number | null, sources: readonly string[]): Operators {
  const replicas = { sources, age: async () => ({ asOf: null, seconds }) } as unknown as Replicas;
  return new Operators({ database: { service: 'x' }, replicas, messaging: () => undefined } as unknown as OperatorsOptions);
}

describe('the age of what others own', () => {
  it('is that of the oldest beat; of an owner that was never heard it is ours, and of nobody there is none', async () => {
    const later = new Date(Date.now() + 400_000);
    expect(await operatorsOf(31, ['catalog']).replicaSeconds(later)).toBe(31);
    expect(Math.round((await operatorsOf(null, ['catalog']).replicaSeconds(later)) ?? 0)).toBe(400);
    expect(await operatorsOf(null, []).replicaSeconds(later)).toBeUndefined();
  });
});
