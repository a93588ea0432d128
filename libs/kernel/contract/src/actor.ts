/** One role held in one unit; unit is a QĐ 20/2020 agency code, e.g. `H99.05.01`. */
export interface Position {
  readonly role: string;
  readonly unit: string;
}

/**
 * Who acts: made by `kernel/auth` from a verified token, carried through every command, event and audit entry.
 * `id` is the token's `sub`: opaque, never a personal number.
 */
export interface Actor {
  readonly kind: 'person' | 'system';
  readonly id: string;
  readonly username: string;
  readonly name: string;
  /** OAuth client (`azp`) through which the actor came. */
  readonly client: string;
  readonly positions: readonly Position[];
}
