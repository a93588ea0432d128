import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { z } from 'zod';
import { defineEvent, defineOperation, definePermission, type Answer, type Call } from '@quan-so/contract';
import { Handles } from '@quan-so/http';
import { Consumes, MESSAGE_READ, MESSAGE_REPLAY, Replicas, type ConsumerTx, type Received } from '@quan-so/messaging';
import { log } from '@quan-so/observability';
import { Database, uuidv7, Work } from '@quan-so/persistence';
import { defineService } from '../definition.js';

/* Two small services on real databases: `notes` writes one and tells it, `mirror` hears it. */

const WRITE = definePermission('note.write', { vi: 'Ghi chú', en: 'Write notes' });
const note = z.object({ id: z.uuid(), version: z.int(), text: z.string() });
type Note = z.output<typeof note>;

export const NoteWritten = defineEvent({
  layer: 'data',
  name: 'note-written',
  version: 1,
  kind: 'records',
  schema: z.object({ id: z.uuid(), text: z.string().max(100) }),
  description: 'Ghi chú đã ghi. / A note was written.',
});

/** Of somebody who is not here. */
export const Beat = defineEvent({
  layer: 'data',
  name: 'beat',
  version: 1,
  kind: 'reference',
  schema: z.object({ at: z.iso.datetime({ offset: true }) }),
  description: 'Nhịp. / Beat.',
});

export const WriteNote = defineOperation({
  id: 'writeNote',
  service: 'notes',
  path: '/api/notes/v1/notes',
  kind: 'create',
  summary: { vi: 'Ghi', en: 'Write' },
  access: { permission: WRITE },
  // `ms`: how long the handler takes, to have a request in flight.
  body: z.strictObject({ text: z.string().min(1).max(100), ms: z.int().min(0).max(5_000).default(0) }),
  answer: note,
});

@Injectable()
export class NotesService {
  constructor(private readonly work: Work) {}

  write(call: Call<typeof WriteNote>): Promise<Answer<Note>> {
    return this.work.change(call, {
      work: async (tx) => {
        const id = uuidv7();
        const { text, ms } = call.body;
        await tx.sql('insert-note', 'INSERT INTO note (id, text) VALUES ($1, $2)', [id, text]);
        tx.emit(NoteWritten, id, { id, text });
        tx.audit([`note:${id}`], ['text']);
        if (ms > 0) log('notes').info('a note takes its time');
        await sleep(ms);
        return { id, version: 1, body: { id, version: 1, text }, location: `${WriteNote.path}/${id}` };
      },
      recall: async (sql, { id, version }) => {
        const [row] = await sql<{ text: string }>('find-note', 'SELECT text FROM note WHERE id = $1', [id]);
        return { id, version, text: row?.text ?? '' };
      },
    });
  }
}

@Controller()
class NotesController {
  constructor(private readonly notes: NotesService) {}
  @Handles(WriteNote) write(call: Call<typeof WriteNote>): Promise<Answer<Note>> { return this.notes.write(call); }
}

@Module({ controllers: [NotesController], providers: [NotesService] })
class NotesModule {}

@Controller()
class BareController {
  @Get('/bare') bare(): string { return 'x'; }
}

@Module({ imports: [NotesModule], controllers: [BareController] })
class BareModule {}

/** What the mirror cannot take at present: poison that a later version can. */
export const refused = new Set<string>();

@Injectable()
export class MirrorConsumer {
  constructor(readonly database: Database, private readonly replicas: Replicas) {}

  @Consumes(Beat, { from: ['catalog'] })
  async heard(batch: readonly Received<z.output<typeof Beat.schema>>[], tx: ConsumerTx): Promise<void> {
    for (const { event } of batch) await this.replicas.heard(tx, 'catalog', event.data.at);
  }

  @Consumes(NoteWritten, { from: ['notes'] })
  async take(batch: readonly Received<z.output<typeof NoteWritten.schema>>[], tx: ConsumerTx): Promise<void> {
    for (const { event } of batch) if (refused.has(event.data.text)) throw new RangeError(`cannot mirror ${event.data.text}`);
    for (const { event } of batch) await tx.sql('insert-mirrored', 'INSERT INTO mirrored (id, text) VALUES ($1, $2)', [event.data.id, event.data.text]);
  }
}

@Module({ providers: [MirrorConsumer] })
class MirrorModule {}

const grants = {
  writer: [{ action: WRITE.action, scope: 'authority' }],
  operator: [MESSAGE_READ, MESSAGE_REPLAY].map(({ action }) => ({ action, scope: 'authority' as const })),
  looker: [{ action: MESSAGE_READ.action, scope: 'authority' }],
} as const;
const holders = { writer: 'person', operator: 'person', looker: 'person' } as const;
const title = { vi: 'Mẫu', en: 'Sample' };

export const notes = defineService({
  name: 'notes',
  layer: 'data',
  title,
  module: NotesModule,
  migrations: [{ name: '0001-note', up: 'CREATE TABLE note (id uuid PRIMARY KEY, text text NOT NULL)' }],
  operations: [WriteNote],
  publishes: [NoteWritten],
  consumes: [],
  grants,
  holders,
});

/** The same with a route that does not say who may call it. */
export const bare = defineService({ ...notes, module: BareModule });

export const mirror = defineService({
  name: 'mirror',
  layer: 'data',
  title,
  module: MirrorModule,
  migrations: [{ name: '0001-mirrored', up: 'CREATE TABLE mirrored (id uuid PRIMARY KEY, text text NOT NULL)' }],
  operations: [],
  publishes: [],
  consumes: [{ event: NoteWritten, from: ['notes'] }, { event: Beat, from: ['catalog'] }],
  grants,
  holders,
});
