import { Progress } from './progress.js';

describe('progress', () => {
  it('names what has not moved for longest, until it moves or is done', () => {
    let now = 0;
    const progress = new Progress(() => now);
    expect(progress.slowest()).toBeUndefined();
    progress.mark('look');
    now = 40;
    progress.mark('take a/0');
    now = 70;
    expect(progress.slowest()).toEqual({ what: 'look', ms: 70 });
    progress.mark('look');
    expect(progress.slowest()).toEqual({ what: 'take a/0', ms: 30 });
    progress.done('take a/0');
    expect(progress.slowest()).toEqual({ what: 'look', ms: 0 });
  });
});
