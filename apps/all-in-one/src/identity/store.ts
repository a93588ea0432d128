import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly payload: AdapterPayload;
  readonly until: number;
}

/** Of each kind; a login makes about five things. The oldest make room: a flood of logins cannot fill the memory. */
const MOST = 10_000;

/**
 * What the provider remembers between requests (sessions, codes, grants), in memory: after a restart people log in again.
 * Each kind is a map of its own.
 */
export function memoryStore(): AdapterFactory {
  const kinds = new Map<string, Map<string, Kept>>();
  const kindOf = (name: string): Map<string, Kept> => {
    const known = kinds.get(name) ?? new Map<string, Kept>();
    kinds.set(name, known);
    return known;
  };
  return (name) => adapterOf(kindOf(name), (grantId) => {
    for (const kind of kinds.values()) for (const [id, { payload }] of kind) if (payload.grantId === grantId) kind.delete(id);
  });
}

function adapterOf(kept: Map<string, Kept>, revoke: (grantId: string) => void): Adapter {
  const find = (id: string): AdapterPayload | undefined => {
    const one = kept.get(id);
    return one !== undefined && one.until > Date.now() ? one.payload : undefined;
  };
  const search = (fits: (payload: AdapterPayload) => boolean): AdapterPayload | undefined => {
    for (const [id, { payload }] of kept) if (fits(payload) && find(id) !== undefined) return payload;
    return undefined;
  };
  return {
    upsert: async (id, payload, expiresIn) => {
      kept.delete(id);
      if (kept.size >= MOST) kept.delete(kept.keys().next().value ?? '');
      kept.set(id, { payload, until: Date.now() + expiresIn * 1_000 });
    },
    find: async (id) => find(id),
    findByUid: async (uid) => search((payload) => payload.uid === uid),
    findByUserCode: async (userCode) => search((payload) => payload.userCode === userCode),
    consume: async (id) => void Object.assign(kept.get(id)?.payload ?? {}, { consumed: Math.floor(Date.now() / 1_000) }),
    destroy: async (id) => void kept.delete(id),
    revokeByGrantId: async (grantId) => revoke(grantId),
  };
}
