import { sourcesOf } from './definition.js';
import { mirror, notes } from './spec/notes.js';

describe('owners of the facts that a service keeps', () => {
  it('are those whose reference it hears, not whose records', () => {
    expect([sourcesOf(mirror), sourcesOf(notes)]).toEqual([['catalog'], []]);
  });
});
