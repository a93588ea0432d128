/** Promises of persistence, messaging and the data layer: nothing acknowledged is lost, doubled or overtaken. */

const OUTBOX = 'libs/kernel/persistence/src/outbox.ts';
const WORK = 'libs/kernel/persistence/src/work.ts';
const WORK_SPEC = 'libs/kernel/persistence/src/work.int.spec.ts';
const KEYS = 'libs/kernel/persistence/src/idempotency.ts';
const CONSUMER = 'libs/kernel/messaging/src/consumer.ts';
const TAKING = 'libs/kernel/messaging/src/consumer.queries.ts';
const RELAY = 'libs/kernel/messaging/src/relay.queries.ts';
const RELAY_SPEC = 'libs/kernel/messaging/src/relay.int.spec.ts';
const SUITE = 'libs/kernel/messaging/src/local.int.spec.ts';
const DOSSIERS = 'apps/applications/dossiers/src';
const WAREHOUSE = 'apps/data/warehouse/src';

/** @type {readonly import('../sabotage.js').Fault[]} */
export const delivery = [
  {
    ...{ name: 'no-inbox', promise: 'an event that comes twice has one effect' },
    ...{ file: 'libs/kernel/messaging/src/fates.ts', text: "if (!open.delete(entry.id)) fates.push([step, 'known']);", fault: "if (open.delete(entry.id) === undefined) fates.push([step, 'known']);" },
    ...{ spec: SUITE, test: 'without a broker gives an event that comes twice one effect' },
  },
  {
    ...{ name: 'ack-before-commit', promise: 'a batch is done when its effects are committed, not before' },
    ...{ file: CONSUMER, text: 'const done = await this.#receive(', fault: 'const done = !void this.#receive(' },
    ...{ spec: SUITE, test: 'without a broker ends what runs when it is stopped, and goes on where it was' },
  },
  {
    ...{ name: 'poison-kills-its-batch', promise: 'one poisoned event does not hold the others' },
    ...{ file: CONSUMER, text: 'return this.#oneByOne(batch, steps, error);', fault: 'return false;' },
    ...{ spec: SUITE, test: 'without a broker parks poison with its key; what follows of the key waits behind it and other keys go on' },
  },
  {
    ...{ name: 'followers-of-a-parked-key-pass', promise: 'what follows a parked event of its key waits behind it' },
    ...{ file: TAKING, text: 'FROM parked WHERE topic = $2 AND key = ANY($6::text[])) AS blocked', fault: 'FROM parked WHERE topic = $2 AND key = ANY($6::text[]) AND false) AS blocked' },
    ...{ spec: SUITE, test: 'without a broker parks poison with its key; what follows of the key waits behind it and other keys go on' },
  },
  {
    ...{ name: 'what-passes-parks', promise: 'an error that passes by itself is waited for, no event parks for it' },
    ...{ file: 'libs/kernel/messaging/src/transient.ts', text: '(STATES.test(code) || CODES.has(code))', fault: '(code === STATES.source || CODES.has(code))' },
    ...{ spec: 'libs/kernel/messaging/src/transient.spec.ts', test: 'isTransient waits for lock_not_available' },
  },
  {
    ...{ name: 'schema-not-held', promise: 'an event that breaks its contract reaches no handler' },
    ...{ file: 'libs/kernel/messaging/src/routes.ts', text: 'if (!data.success) return { ...known, attributes: {}, given: { broken: faultsOf(data.error.issues) } };', fault: 'if (!data.success) return { ...known, attributes: {}, given: { handler: route.handler, item: { event, producer: topic } } };' },
    ...{ spec: SUITE, test: 'without a broker parks an event that breaks its schema, saying where and not what' },
  },
  {
    ...{ name: 'gap-not-seen', promise: 'events that were gone before they were taken raise an alarm' },
    ...{ file: CONSUMER, text: 'this.#missing += missing;', fault: 'this.#missing += 0;' },
    ...{ spec: RELAY_SPEC, test: 'a consumer without a broker sounds the alarm when the owner dropped rows that it had not taken' },
  },
  {
    ...{ name: 'no-fencing', promise: 'a shard has one sender' },
    ...{ file: RELAY, text: "WHERE pg_try_advisory_lock(hashtext('quan-so relay ' || topic), shard)", fault: "WHERE pg_try_advisory_lock(hashtext('quan-so relay ' || topic), shard) OR true" },
    ...{ spec: RELAY_SPEC, test: 'the relay gives every shard one owner; another process takes over when the owner goes' },
  },
  {
    ...{ name: 'polls-by-last-id', promise: 'a row that becomes visible late is sent all the same' },
    ...{ file: RELAY, text: 'published_at IS NULL ORDER BY id LIMIT $3', fault: 'published_at IS NULL AND id > (SELECT coalesce(max(id), 0) FROM outbox WHERE topic = s.topic AND shard = s.shard AND published_at IS NOT NULL) ORDER BY id LIMIT $3' },
    ...{ spec: SUITE, test: 'without a broker keeps the order of each key and loses nothing, with concurrent writers, late commits and rollbacks' },
  },
  {
    ...{ name: 'sent-out-of-order', promise: 'events of a key are sent in the order of their commits' },
    ...{ file: RELAY, text: 'published_at IS NULL ORDER BY id LIMIT $3', fault: 'published_at IS NULL ORDER BY id DESC LIMIT $3' },
    ...{ spec: SUITE, test: 'without a broker keeps the order of each key and loses nothing, with concurrent writers, late commits and rollbacks' },
  },
  {
    ...{ name: 'numbers-with-gaps', promise: 'places of a shard have no gaps, so that a loss shows' },
    ...{ file: RELAY, text: 'DO UPDATE SET position = r.position + excluded.position RETURNING', fault: 'DO UPDATE SET position = r.position + excluded.position + 1 RETURNING' },
    ...{ spec: RELAY_SPEC, test: 'the relay numbers each shard without gaps, on and on when old rows were dropped' },
  },
  {
    ...{ name: 'marked-before-sent', promise: 'a row counts as sent when the broker has it, not before' },
    ...{ file: 'libs/kernel/messaging/src/kafka-transport.ts', text: 'records: rows.map(recordOf) })));', fault: 'records: rows.map(recordOf) }))).catch(() => undefined);' },
    ...{ spec: 'libs/kernel/messaging/src/kafka-transport.spec.ts', test: 'a send the broker did not acknowledge marks nothing' },
  },
  {
    ...{ name: 'event-not-in-the-outbox', promise: 'a change and what is told of it are committed together' },
    ...{ file: WORK, text: 'along(settleKey(sql, call, {', fault: 'along(settleKey(this.#database.sql, call, {' },
    ...{ spec: WORK_SPEC, test: 'the unit of work change writes state, fact, audit entry and key in one transaction, in the trace of the request' },
  },
  {
    ...{ name: 'no-audit-row', promise: 'no change without an entry of who did it' },
    ...{ file: WORK, text: 'return [...this.#rows, ...this.#audits];', fault: 'return [...this.#rows];' },
    ...{ spec: WORK_SPEC, test: 'the unit of work change writes state, fact, audit entry and key in one transaction, in the trace of the request' },
  },
  {
    ...{ name: 'audit-may-be-forgotten', promise: 'a command that audits nothing does not pass' },
    ...{ file: WORK, text: 'if (!told.audited) throw new Error(', fault: 'if (!told.audited && told.audited) throw new Error(' },
    ...{ spec: WORK_SPEC, test: 'the unit of work change throws when the work audits nothing' },
  },
  {
    ...{ name: 'access-entry-not-awaited', promise: 'nothing personal is answered before its access entry is committed' },
    ...{ file: WORK, text: 'await Promise.all(auditRows(', fault: 'void Promise.all(auditRows(' },
    ...{ spec: 'libs/kernel/persistence/src/access.int.spec.ts', test: 'reading does not answer before the commit: a lock on the outbox holds the answer back' },
  },
  {
    ...{ name: 'nothing-found-not-recorded', promise: 'a read that found nothing is recorded too' },
    ...{ file: OUTBOX, text: 'if (items.length <= size) return [items];', fault: 'if (items.length <= size) return items.length === 0 ? [] : [items];' },
    ...{ spec: 'libs/kernel/persistence/src/access.int.spec.ts', test: 'reading also records that nothing was found' },
  },
  {
    ...{ name: 'key-not-stored', promise: 'the same request answers the same' },
    ...{ file: KEYS, text: 'WHERE key = $9 AND operation = $10', fault: 'WHERE key <> $9 AND operation = $10' },
    ...{ spec: WORK_SPEC, test: 'the unit of work change answers a repeated request the same, from history, and does nothing again' },
  },
  {
    ...{ name: 'key-not-looked-at', promise: 'a command sent again is done once' },
    ...{ file: KEYS, text: 'if (taken !== undefined) return undefined;', fault: 'if (taken !== stored) return undefined;' },
    ...{ spec: WORK_SPEC, test: 'the unit of work change does once what twins ask at the same time' },
  },
  {
    ...{ name: 'hash-not-compared', promise: 'a key that comes with another request is refused' },
    ...{ file: KEYS, text: 'if (stored.request_hash !== call.requestHash) throw new Refusal(IDEMPOTENCY_KEY_REUSED);', fault: '' },
    ...{ spec: WORK_SPEC, test: 'the unit of work change refuses a key that comes with another request' },
  },
  {
    ...{ name: 'undone-passes-for-done', promise: 'what the database rolled back is not taken for committed' },
    ...{ file: 'libs/kernel/persistence/src/transaction.ts', text: "if (command !== 'COMMIT') throw new Error(", fault: "if (command === '') throw new Error(" },
    ...{ spec: 'libs/kernel/persistence/src/database.int.spec.ts', test: 'a database does not take for committed what a swallowed error has undone' },
  },
  {
    ...{ name: 'edited-migration-passes', promise: 'a migration that was applied never changes' },
    ...{ file: 'libs/kernel/persistence/src/migrate.ts', text: 'const edited = migrations.find((one) => applied.has(one.name) && applied.get(one.name) !== checksumOf(one));', fault: 'const edited = migrations.find((one) => applied.has(one.name) && applied.get(one.name) === one.up);' },
    ...{ spec: 'libs/kernel/persistence/src/migrate.int.spec.ts', test: 'migrate refuses a migration that was edited after it had been applied, and applies none of the others' },
  },
  {
    ...{ name: 'no-version-guard', promise: 'of two at once one is told to look again' },
    ...{ file: `${DOSSIERS}/dossiers.queries.ts`, text: 'WHERE id = $1 AND version = $2 - 1 RETURNING id', fault: 'WHERE id = $1 AND $2 > 0 RETURNING id' },
    ...{ spec: `${DOSSIERS}/dossiers.int.spec.ts`, test: 'who may of two at once one is told to look again' },
  },
  {
    ...{ name: 'if-match-not-held', promise: 'a command acts on the version its sender saw' },
    ...{ file: `${DOSSIERS}/dossiers.service.ts`, text: 'if (state.version !== call.ifMatch) throw versionMismatch(state.version);', fault: '' },
    ...{ spec: `${DOSSIERS}/dossiers.int.spec.ts`, test: 'who may only the version that was seen' },
  },
  {
    ...{ name: 'counter-outside-the-transaction', promise: 'codes of a desk and day have no gaps' },
    ...{ file: `${DOSSIERS}/intake.service.ts`, text: 'const serial = await nextSerial(tx.sql, arrival.receivingUnit, day);', fault: "const serial = await this.work.internal('dossier.receive', (own) => nextSerial(own.sql, arrival.receivingUnit, day));" },
    ...{ spec: `${DOSSIERS}/codes.int.spec.ts`, test: 'what fails half-way leaves no gap' },
  },
  {
    ...{ name: 'older-version-wins', promise: 'an older version never overwrites a newer one' },
    ...{ file: `${WAREHOUSE}/records.queries.ts`, text: 'WHERE r.version < excluded.version', fault: 'WHERE r.version <> excluded.version' },
    ...{ spec: `${WAREHOUSE}/warehouse.int.spec.ts`, test: 'what the owner tells the last version wins in whatever order they come, and each comes once' },
  },
  {
    ...{ name: 'first-version-of-a-batch-wins', promise: 'of a batch the highest version of a record counts' },
    ...{ file: `${WAREHOUSE}/record.rules.ts`, text: 'if (known === undefined || known.version < version.version) latest.set(', fault: 'if (known === undefined) latest.set(' },
    ...{ spec: `${WAREHOUSE}/record.rules.spec.ts`, test: 'keeps the highest version of each record, in key order' },
  },
  {
    ...{ name: 'foreign-owner-believed', promise: 'a record is taken from the owner of its dataset only' },
    ...{ file: `${WAREHOUSE}/records.consumer.ts`, text: 'for (const received of batch) demandOwner(received);', fault: '' },
    ...{ spec: `${WAREHOUSE}/warehouse.int.spec.ts`, test: 'what the owner tells is not taken of a dataset that is another’s: it parks, and others of its owner flow on' },
  },
  {
    ...{ name: 'old-events-refused', promise: 'what was told in former years can be read' },
    ...{ file: 'libs/contracts/data/src/events.ts', text: "validTo: date('Ngày cuối có hiệu lực. / Last day in force.').nullable(),", fault: "validTo: date('Ngày cuối có hiệu lực. / Last day in force.')," },
    ...{ spec: 'test/evolution/corpus.spec.ts', test: 'vn.quanso.data.reference-published.v1 unit-ward is read as it was told' },
  },
  {
    ...{ name: 'next-version-refused', promise: 'this version reads what the next one tells' },
    ...{ file: 'libs/contracts/data/src/events.ts', text: 'export const recordChanged = z.object({', fault: 'export const recordChanged = z.strictObject({' },
    ...{ spec: 'test/evolution/beside.int.spec.ts', test: 'a producer of the next version is read by this version, which does not see what it does not know' },
  },
];
