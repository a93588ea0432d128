import { type Type } from '@nestjs/common';
import { type EventDef, type Layer, type OperationDef } from '@quan-so/contract';
import { type Grants, type Holders } from '@quan-so/auth';
import { operatorOperationList } from '@quan-so/messaging';
import { type Migration } from '@quan-so/persistence';

/** What a service is: the same object serves, migrates, documents itself and draws its rights on the broker. */
export interface ServiceDefinition {
  readonly name: string;
  readonly layer: Layer;
  readonly title: { readonly vi: string; readonly en: string };
  readonly module: Type;
  readonly migrations: readonly Migration[];
  readonly operations: readonly OperationDef[];
  /** Events it tells; it is the only writer of `<kind>.<name>`. */
  readonly publishes: readonly EventDef[];
  /** Events it hears, and from which services. */
  readonly consumes: readonly { readonly event: EventDef; readonly from: readonly string[] }[];
  /** Role table of the authority, from `contracts/security`. */
  readonly grants: Grants;
  /** Who may hold each role: a person or a system. */
  readonly holders: Holders;
}

/** Checks what the types cannot say, adds what operators may do with every service, and freezes. */
export function defineService(definition: ServiceDefinition): ServiceDefinition {
  for (const operation of definition.operations) {
    if (operation.service !== definition.name) {
      throw new TypeError(`service ${definition.name} lists operation ${operation.id} of ${operation.service}`);
    }
  }
  const operations = [...new Set([...definition.operations, ...operatorOperationList(definition.name)])];
  return Object.freeze({ ...definition, operations });
}

/** Owners of the facts that a service keeps here; each of them beats. */
export function sourcesOf({ consumes }: Pick<ServiceDefinition, 'consumes'>): readonly string[] {
  return [...new Set(consumes.flatMap(({ event, from }) => (event.kind === 'reference' ? from : [])))];
}
