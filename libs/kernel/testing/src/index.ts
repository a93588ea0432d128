export { startTestDatabases, type TestDatabase, type TestDatabases } from './database.js';
export { deskOf, untilTurnedAway, type Desk } from './desk.js';
export { startTestIssuer, type TestIssuer, type TestPerson } from './issuer.js';
export { treeOf, type SeenSpan } from './spans.js';
export { until } from './until.js';
