import { catalog } from '@quan-so/catalog';
import { dossiers } from '@quan-so/dossiers';
import { type ServiceDefinition } from '@quan-so/service';
import { warehouse } from '@quan-so/warehouse';

/** Every service of the house, in the deck's order from the ground up. */
export const SERVICES: readonly ServiceDefinition[] = [catalog, warehouse, dossiers];
