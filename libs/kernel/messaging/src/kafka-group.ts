import { type Admin, type Kafka } from 'kafkajs';
import { type Group } from './restored.js';
import { type Standing } from './standing.rules.js';
import { type Ends } from './transport.js';

export async function asAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Last offset of each partition that can still be read; a log that was cut at its end has none. */
export async function endsOf(admin: Admin, topics: readonly string[]): Promise<Ends> {
  const ends = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      if (Number(high) > Number(low)) ends.set(`${topic}/${partition}`, Number(high) - 1);
    }
  }
  return ends;
}

/** A group as its own administrator sees it; its rights to read the topics and to be the group are enough. */
export function groupOf(admin: Admin, groupId: string, topics: readonly string[]): Group {
  return {
    standing: async () => {
      // Without topics kafkajs asks for all of the group, which who takes nothing may not.
      if (topics.length === 0) return [];
      const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
      const all = await Promise.all(topics.map(async (topic) => standingOf(topic, await admin.fetchTopicOffsets(topic), committed.find((one) => one.topic === topic)?.partitions ?? [])));
      return all.flat();
    },
    tellsBetween: async (topic, after, before) => {
      // The later instant first: what is sent meanwhile moves the end alone, and then the earlier one finds no less.
      const later = await admin.fetchTopicOffsetsByTimestamp(topic, before.getTime());
      const earlier = new Map((await admin.fetchTopicOffsetsByTimestamp(topic, after.getTime() + 1)).map(({ partition, offset }) => [partition, Number(offset)]));
      return later.some(({ partition, offset }) => (earlier.get(partition) ?? 0) < Number(offset));
    },
    tellingLater: async (told, last) => {
      if (told.length === 0) return undefined;
      const ends = await Promise.all(told.map((topic) => admin.fetchTopicOffsets(topic)));
      const at = await last();
      if (at === undefined) return undefined;
      for (const [i, topic] of told.entries()) {
        const later = await admin.fetchTopicOffsetsByTimestamp(topic, at.getTime() + 1);
        const ended = new Map(ends[i]?.map(({ partition, high }) => [partition, Number(high)]));
        // What comes behind the ends was told after we asked; where nothing is later the offset is the end.
        if (later.some(({ partition, offset }) => Number(offset) < (ended.get(partition) ?? 0))) return topic;
      }
      return undefined;
    },
    setBack: async (places) => {
      for (const topic of new Set(places.map((place) => place.topic))) {
        const partitions = places.filter((place) => place.topic === topic).map(({ shard, offset }) => ({ partition: shard, offset: String(offset) }));
        await admin.setOffsets({ groupId, topic, partitions });
      }
    },
  };
}

function standingOf(topic: string, places: readonly { partition: number; low: string; high: string }[], committed: readonly { partition: number; offset: string }[]): Standing[] {
  return places.map(({ partition, low, high }) => {
    const offset = Number(committed.find((one) => one.partition === partition)?.offset ?? -1);
    return { topic, shard: partition, low: Number(low), high: Number(high), committed: offset < 0 ? undefined : offset };
  });
}
