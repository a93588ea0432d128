import { startGroup } from '../start-group.js';
import { mirror, notes } from './notes.js';

await startGroup([notes, mirror]);
