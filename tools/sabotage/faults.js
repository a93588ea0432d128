/** Every fault, one line each; `node tools/sabotage/sabotage.js --list` shows them. */
import { delivery } from './faults/delivery.js';
import { guards } from './faults/guards.js';
import { law } from './faults/law.js';
import { repair } from './faults/repair.js';

export const faults = [...law, ...guards, ...delivery, ...repair];
