import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, OneToMany, OneToOne, PrimaryColumn, PrimaryGeneratedColumn, Unique, UpdateDateColumn, VersionColumn, type Relation, type ValueTransformer } from 'typeorm';

const KEY = Buffer.from(process.env['FIELD_KEY'] ?? '', 'base64');

/** AES-256-GCM in a column, as is done where personal numbers may not be read from a backup. */
const sealed: ValueTransformer = {
  to(text: string | null): string | null {
    if (text === null || text === undefined) return null;
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', KEY, iv);
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
  },
  from(stored: string | null): string | null {
    if (stored === null) return null;
    const bytes = Buffer.from(stored, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', KEY, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
  },
};

@Entity()
export class Unit {
  @PrimaryColumn() code: string;
  @Column() name: string;
}

@Entity()
export class Procedure {
  @PrimaryColumn() code: string;
  @Column() version: number;
  @Column('jsonb') name: { vi: string; en: string };
}

@Entity()
export class Applicant {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column() kind: string;
  @Column() name: string;
  @Column('text', { nullable: true, transformer: sealed }) personalNumber: string | null;
  @Column('varchar', { nullable: true }) organisationCode: string | null;
  @Column('text', { nullable: true, transformer: sealed }) phone: string | null;
  @Column('varchar', { nullable: true }) address: string | null;
}

@Entity()
export class Draft {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column() outcome: string;
  @Column('varchar', { nullable: true }) result: string | null;
  @Column() reason: string;
  @Column('varchar', { nullable: true }) documentNumber: string | null;
}

@Entity()
export class Paper {
  @PrimaryGeneratedColumn('uuid') id: string;
  @ManyToOne(() => Dossier, (dossier) => dossier.papers) @Index() dossier: Relation<Dossier>;
  @Column() position: number;
  @Column() name: string;
  @Column() originals: number;
  @Column() copies: number;
}

@Entity()
export class Act {
  @PrimaryGeneratedColumn('uuid') id: string;
  @ManyToOne(() => Dossier, (dossier) => dossier.acts) @Index() dossier: Relation<Dossier>;
  @Column() action: string;
  @Column() actor: string;
}

@Entity()
@Index(['unit', 'receivedAt'])
@Index(['receivingUnit', 'receivedAt'])
@Index(['assignee', 'receivedAt'])
export class Dossier {
  @PrimaryGeneratedColumn('uuid') id: string;
  @VersionColumn() version: number;
  @Column({ unique: true }) code: string;
  @Column() state: string;
  @Column('smallint') status: number;
  @Column('varchar', { nullable: true }) outcome: string | null;
  @ManyToOne(() => Procedure) procedure: Relation<Procedure>;
  @Column() case: string;
  @Column() channel: string;
  @Column() summary: string;
  @OneToOne(() => Applicant, { cascade: true }) @JoinColumn() applicant: Relation<Applicant>;
  @OneToMany(() => Paper, (paper) => paper.dossier, { cascade: true }) papers: Relation<Paper>[];
  @OneToMany(() => Act, (act) => act.dossier, { cascade: true }) acts: Relation<Act>[];
  @OneToOne(() => Draft, { cascade: true, nullable: true }) @JoinColumn() draft: Relation<Draft> | null;
  @ManyToOne(() => Unit) unit: Relation<Unit>;
  @ManyToOne(() => Unit) receivingUnit: Relation<Unit>;
  @OneToMany(() => HistoryEntry, (entry) => entry.dossier) history: Relation<HistoryEntry>[];
  @Column('varchar', { nullable: true }) assignee: string | null;
  @Column('varchar', { nullable: true }) termUnit: string | null;
  @Column('int', { nullable: true }) termValue: number | null;
  @Column('timestamptz', { nullable: true }) dueAt: Date | null;
  @Column('timestamptz', { nullable: true }) promisedAt: Date | null;
  @Column('varchar', { nullable: true }) calendarCode: string | null;
  @Column('int', { nullable: true }) calendarVersion: number | null;
  @Column('varchar', { nullable: true }) windowKind: string | null;
  @Column('timestamptz', { nullable: true }) windowDueAt: Date | null;
  @Column('varchar', { nullable: true }) windowBasis: string | null;
  @Column('timestamptz') @Index() receivedAt: Date;
  @Column('timestamptz', { nullable: true }) acceptedAt: Date | null;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
  @Column('timestamptz', { nullable: true }) returnedAt: Date | null;
  @Column('varchar', { nullable: true }) applicantIndex: string | null;
  @Column() searchKey: string;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}

@Entity()
@Unique(['dossier', 'version'])
export class HistoryEntry {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @ManyToOne(() => Dossier, (dossier) => dossier.history) dossier: Relation<Dossier>;
  @Column() version: number;
  @Column('timestamptz') at: Date;
  @Column() command: string;
  @Column('varchar', { nullable: true }) fromState: string | null;
  @Column() toState: string;
  @Column('jsonb') actor: object;
  @Column('varchar', { nullable: true }) note: string | null;
  @Column() traceId: string;
  @Column('jsonb') snapshot: object;
}

@Entity()
@Unique(['key', 'operation', 'user'])
export class IdempotencyKey {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column('uuid') key: string;
  @Column() operation: string;
  @Column() user: string;
  @Column() requestHash: string;
  @Column('uuid') dossierId: string;
  @Column() dossierVersion: number;
  @CreateDateColumn({ type: 'timestamptz' }) @Index() createdAt: Date;
}

@Entity()
@Index(['id'], { where: '"publishedAt" IS NULL' })
export class OutboxEvent {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column('uuid') eventId: string;
  @Column() topic: string;
  @Column() key: string;
  @Column() type: string;
  @Column('jsonb') payload: object;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @Column('timestamptz', { nullable: true }) publishedAt: Date | null;
}

@Entity()
export class CodeCounter {
  @PrimaryColumn() unit: string;
  @PrimaryColumn('date') day: string;
  @Column() last: number;
}

export const ENTITIES = [Unit, Procedure, Applicant, Draft, Paper, Act, Dossier, HistoryEntry, IdempotencyKey, OutboxEvent, CodeCounter];
