import { takeDown } from './shutdown.js';

describe('takeDown', () => {
  it('keeps the order and goes on after a step that fails', async () => {
    const ran: string[] = [];
    const step = (name: string, run = async () => void ran.push(name)) => ({ name, run });
    const failed = await takeDown([step('http'), step('consumers', () => Promise.reject(new Error('x'))), step('pools')]);
    expect([ran, failed]).toEqual([['http', 'pools'], ['consumers']]);
  });
  it('does not wait for ever for a step that hangs', async () => {
    const ran: string[] = [];
    const failed = await takeDown([{ name: 'hangs', run: () => new Promise(() => undefined) }, { name: 'last', run: async () => void ran.push('last') }], 50);
    expect([ran, failed]).toEqual([['last'], ['hangs']]);
  });
});
