import { LocalBroker } from './index.js';
import { transportSuite } from './spec/transport.suite.js';

describe('without a broker', () => {
  const broker = new LocalBroker();
  afterAll(() => broker.close());
  transportSuite(() => ({ kind: 'local', broker }), async () => undefined);
});
