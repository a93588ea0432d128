import { startService } from '@quan-so/service';
import { warehouse } from './warehouse.module.js';

await startService(warehouse);
