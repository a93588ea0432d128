import { type Group } from './restored.js';
import { type Ends, type Take } from './transport.js';

/** Records on their way into one partition, in their order. */
export interface KafkaShipment {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly KafkaRecord[];
}

export interface KafkaRecord {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly at: number;
}

/** Throws PutBack when the group must not be joined. */
export type Meet = (group: Group) => Promise<void>;
export type Only = (places: readonly string[]) => void;

/** All we ask of a client library. kafkajs is unmaintained: another one has these six methods to fill. */
export interface KafkaPort {
  /** Resolves when every in-sync replica has all of them; one request for each broker that leads any of the partitions. */
  send(shipments: readonly KafkaShipment[]): Promise<void>;
  /**
   * Joins the group; batches of a partition one after the other. Resolves at once: a broker that is away is waited for.
   * `alive` is called whenever the client has asked the broker for more, or has tried to; `meet` before the group is joined;
   * `only` with the places (`topic/partition`) that are ours, whenever the group has shared them out.
   */
  consume(group: string, topics: readonly string[], take: Take, alive: () => void, meet?: Meet, only?: Only): Promise<void>;
  /**
   * Before anything is sent or taken: `meet` with this group, however long the broker is away. Throws MustNotBegin, and the
   * reason of the signal.
   */
  meet(group: string, topics: readonly string[], meet: Meet, signal: AbortSignal): Promise<void>;
  /** Leaves the group after the batches that run. */
  stopConsuming(): Promise<void>;
  /** Last offset of each partition that has any. */
  ends(topics: readonly string[]): Promise<Ends>;
  close(): Promise<void>;
}
